// The right side of a matrix product, laid out once for the kernels of math/products.h.
//
// A matrix B (N, K) becomes ceil(N / kPanelWidth) panels. Panel p holds the rows
// [p kPanelWidth, (p+1) kPanelWidth) of B as columns, zero where there are none, in words of 32
// bits: word (l, j) of a panel is the values [l g, (l+1) g) of its column j, g = 4 / sizeof(value).
#pragma once

#include <cstddef>

#include "math/buffer.h"
#include "math/matrix.h"
#include "math/products.h"

namespace enlace {

/// n rounded up to a multiple of `unit`.
constexpr std::size_t rounded_up(std::size_t n, std::size_t unit) noexcept {
  return (n + unit - 1) / unit * unit;
}

/// K as it is in panels of T: whole values of f32, whole units of kDepthBytes for smaller types.
template <class T>
constexpr std::size_t packed_depth(std::size_t depth) noexcept {
  return sizeof(T) == 4 ? depth : rounded_up(depth, kDepthBytes / sizeof(T));
}

/// Writes `b` to `panels`, which are zeros: room for rounded_up(N, kPanelWidth) x
/// packed_depth<T>(K).
template <class T>
void pack(MatrixView<const T> b, T* panels) noexcept {
  constexpr std::size_t kInWord = 4 / sizeof(T);
  const std::size_t panel_size = packed_depth<T>(b.cols()) * kPanelWidth;
  for (std::size_t n = 0; n < b.rows(); ++n) {
    T* column = panels + n / kPanelWidth * panel_size + n % kPanelWidth * kInWord;
    const auto row = b.row(n);
    for (std::size_t k = 0; k < b.cols(); ++k) {
      column[k / kInWord * kPanelWidth * kInWord + k % kInWord] = row[k];
    }
  }
}

/// A packed matrix of f32 that owns its memory.
class PackedMatrix {
 public:
  PackedMatrix() = default;

  /// Packs `b` (N, K). Cost: one copy.
  explicit PackedMatrix(MatrixView<const float> b);

  std::size_t rows() const noexcept { return rows_; }    // N
  std::size_t depth() const noexcept { return depth_; }  // K
  std::size_t panels() const noexcept { return padded_rows() / kPanelWidth; }
  /// N rounded up to whole panels: the least width of a product's rows.
  std::size_t padded_rows() const noexcept { return rounded_up(rows_, kPanelWidth); }

  const float* panel(std::size_t p) const noexcept {
    return values_.get() + p * depth_ * kPanelWidth;
  }

 private:
  Memory<float> values_;
  std::size_t rows_ = 0;
  std::size_t depth_ = 0;
};

/// c (M, padded N) = a (M, K) b^T. Requires c.cols() == b.padded_rows(). Threads: none started.
void multiply(MatrixView<const float> a, const PackedMatrix& b, MatrixView<float> c) noexcept;

}  // namespace enlace
