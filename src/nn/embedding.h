// From token ids to the states that the first layer takes.
#pragma once

#include "nn/encoder.h"
#include "nn/linear.h"

namespace enlace {

/// x = norm(token + position) for all tokens of a batch, row by row, and the same rows of the
/// input of the first product. `scratch`: for the rows of a sequence.
void embed(const EncoderWeights& weights, const Batch& batch, const States& x,
           Buffer<float>& scratch, LinearInput& next);

}  // namespace enlace
