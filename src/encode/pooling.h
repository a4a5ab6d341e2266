// One vector from the states of a text's tokens.
#pragma once

#include <span>

#include "encode/model_usage.h"
#include "math/matrix.h"

namespace enlace {

/// Writes the vector of a text whose tokens have `states` (T, C) to `out` (C): the mean of the rows
/// or the first one, then scaled to length 1 if `usage` says so. Zeros if there is no row, or if
/// the length is 0. Sums are taken in the order of the rows.
void pool(MatrixView<const float> states, const ModelUsage& usage, std::span<float> out) noexcept;

}  // namespace enlace
