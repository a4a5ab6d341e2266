// Which of a few points a vector is closest to.
#pragma once

#include <cstdint>
#include <vector>

#include "math/packed_matrix.h"

namespace enlace {

/// L points c of D dimensions, ready to be multiplied. A copy; const is thread-safe.
class Centroids {
 public:
  Centroids() = default;
  explicit Centroids(MatrixView<const float> points);

  /// Values of a row of closeness(): L rounded up.
  std::size_t width() const noexcept { return packed_.padded_rows(); }

  /// x.c - |c|^2 / 2 for each of `rows` (any, D) and each point, (any, width()): the greater, the
  /// closer.
  void closeness(MatrixView<const float> rows, std::vector<float>& scores) const;

  /// The number of the point closest to each of `rows`; the first among equals.
  std::vector<std::uint32_t> assign(MatrixView<const float> rows, std::size_t workers) const;

 private:
  PackedMatrix packed_;
  std::vector<float> half_squares_;
};

}  // namespace enlace
