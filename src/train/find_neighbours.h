// The nearest among many vectors, for the mining of hard negatives.
#pragma once

#include <cstdint>
#include <vector>

#include "math/matrix.h"

namespace enlace {

/// For each row of `vectors` (N, C), whose length does not count, the rows with the greatest
/// cosines, itself left out: (N, each) numbers, the nearest first. Requires N > each.
///
/// Exact but for the rounding of vectors to bf16; the same for any number of workers.
/// Cost: N^2 C in bf16.
std::vector<std::uint32_t> find_neighbours(MatrixView<const float> vectors, std::size_t each,
                                           std::size_t workers);

}  // namespace enlace
