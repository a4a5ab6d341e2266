// From token ids to the states that the first layer takes.
#pragma once

#include "nn/encoder.h"
#include "nn/linear.h"

namespace enlace {

/// x = norm(token + position) for all tokens of a batch, row by row, and the same rows of the
/// input of the first product.
void embed(const EncoderWeights& weights, const Batch& batch, MatrixView<float> x,
           LinearInput& next);

}  // namespace enlace
