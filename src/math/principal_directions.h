// The directions in which rows of a matrix vary most.
#pragma once

#include <cstddef>
#include <vector>

#include "math/matrix.h"

namespace enlace {

/// The mean of the rows of `x` (N, D): D values. Requires N > 0.
std::vector<float> mean_row(MatrixView<const float> x);

/// The first `count` principal directions of the centred rows `x` (N, D): (count, D), orthonormal,
/// by falling variance.
///
/// Orthogonal iteration on x^T x (Golub and Van Loan 2013, section 8.2.4), 100 steps from the first
/// unit vectors; directions of nearly equal variance may be mixed with one another, but the space
/// they span is right. Requires count <= D. Cost: N D^2 + 100 count D^2.
std::vector<float> principal_directions(MatrixView<const float> x, std::size_t count);

}  // namespace enlace
