// How far an encoder's activations reach, found with texts that the model itself gives.
#pragma once

#include <cstdint>
#include <span>

#include "nn/encoder.h"

namespace enlace {

/// The ranges that the inputs of all products take over 256 sequences of random tokens.
///
/// `frame` is the sequence of an empty text: the special tokens, and the prefix if there is one.
/// Eight tokens drawn evenly from the vocabulary (seeded: equal models give equal ranges) are put
/// before its last token. Words of all languages and scripts reach the outlier channels of a model
/// as the names of a terminology do, and vectors then depend on the model alone: knowledge bases
/// share them, and a query needs no knowledge base (docs/decisions/).
/// Requires weights in f32 and a frame of ids in [0, V) that is at least 9 tokens below the
/// model's longest sequence; a longer one is cut. Thread-safe.
ActivationRanges calibrate(const EncoderWeights& weights, std::span<const std::int32_t> frame);

}  // namespace enlace
