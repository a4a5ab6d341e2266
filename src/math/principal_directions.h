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

/// An orthonormal basis (D, D), to the rounding of its values, whose first `count` directions hold
/// nearly as much of the variance of the centred rows `x` (N, D) as any can.
///
/// The same iteration, but few steps of it; unit vectors make the basis complete.
/// Requires count <= D. Cost: N D^2 + 16 count D^2 + D^3.
std::vector<float> leading_basis(MatrixView<const float> x, std::size_t count);

/// Directions that are mixed with one another.
inline constexpr std::size_t kMixed = 64;

/// Mixes the first `count` rows of `basis` (any, D), 64 of them at a time, so that they span what
/// they did, are as orthonormal as they were, and differ little in how far vectors reach along
/// them, though the rows come by falling variance.
///
/// By Sylvester's Hadamard matrix, divided by 8 = sqrt(64): sums and differences of pairs, six
/// times over. Requires count a multiple of kMixed.
void mix_directions(std::vector<float>& basis, std::size_t D, std::size_t count);

}  // namespace enlace
