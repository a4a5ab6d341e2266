// What an encoder's activations are like, found with texts that do not depend on what it is for.
#pragma once

#include "encode/model_tokenizer.h"
#include "nn/encoder.h"

namespace enlace {

/// The statistics of all products' inputs over calibration_texts() and over 64 sequences of random
/// tokens: eight, drawn evenly from the vocabulary (seeded), within what an empty text gets.
///
/// The texts show which inputs go together, the random words of all languages and scripts the
/// outlier channels. Vectors then depend on the model alone: knowledge bases share them, and a
/// query needs no knowledge base (docs/decisions/0003-int8-calibration.md).
/// Requires weights in f32, and the tokenizer of their model. Thread-safe.
/// Throws Error as ModelTokenizer::append does.
EncoderStatistics calibrate(const EncoderWeights& weights, const ModelTokenizer& tokenizer);

}  // namespace enlace
