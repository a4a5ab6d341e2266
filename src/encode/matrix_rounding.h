// Which inputs the weights of an encoder's matrices are multiplied with, and so how to round them.
#pragma once

#include <string_view>
#include <vector>

#include "nn/input_statistics.h"
#include "nn/rounding.h"

namespace enlace {

/// How to round the `width` weights of a row of the matrix `name` (of BERT's names): a plan for
/// each slice of kSliceDepth channels. Every weight by itself if its inputs were not seen, as those
/// of the embeddings, or `inputs` is null. Cost: O(width kSliceDepth^2). Does not throw but
/// std::bad_alloc.
std::vector<RoundingPlan> matrix_rounding(std::string_view name, std::size_t width,
                                          const EncoderStatistics* inputs);

}  // namespace enlace
