// The right side of a matrix product, laid out once for the kernels.
#pragma once

#include <cstddef>

#include "math/float_buffer.h"
#include "math/kernels.h"
#include "math/matrix.h"

namespace enlace {

/// A matrix B (N, K), stored as ceil(N / kPanelWidth) panels of (K, kPanelWidth): panel p holds the
/// rows [p kPanelWidth, (p+1) kPanelWidth) of B as columns, zero where there are none.
/// Owns its memory, at a multiple of 64 bytes; that of a large one on huge pages where the system
/// grants them.
class PackedMatrix {
 public:
  PackedMatrix() = default;

  /// Packs `b` (N, K). Cost: one copy.
  explicit PackedMatrix(MatrixView<const float> b);

  std::size_t rows() const noexcept { return rows_; }    // N
  std::size_t depth() const noexcept { return depth_; }  // K
  std::size_t panels() const noexcept { return (rows_ + kPanelWidth - 1) / kPanelWidth; }
  /// N rounded up to whole panels: the least width of a product's rows.
  std::size_t padded_rows() const noexcept { return panels() * kPanelWidth; }

  const float* panel(std::size_t p) const noexcept {
    return values_.get() + p * depth_ * kPanelWidth;
  }

 private:
  FloatMemory values_;
  std::size_t rows_ = 0;
  std::size_t depth_ = 0;
};

/// c (M, padded N) = a (M, K) b^T. Requires c.cols() == b.padded_rows(). Threads: none started.
void multiply(MatrixView<const float> a, const PackedMatrix& b, MatrixView<float> c) noexcept;

}  // namespace enlace
