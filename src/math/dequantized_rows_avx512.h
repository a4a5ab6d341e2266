// Rows of a block of sums, finished as two vectors: only for files compiled for AVX-512.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "math/block_products.h"

namespace enlace {
namespace {

/// Where a block of tiles is: its first row and its panel; and how many of its rows there are.
struct Place {
  std::size_t row, panel, rows;
};

/// A row of a block, as two vectors.
struct Row {
  __m512 low, high;
};

/// base + scale_j (step_i sums - shift_i sum_j).
class DequantizedRows {
 public:
  DequantizedRows(const BlockScales& scales, Base base) noexcept : scales_(scales), base_(base) {}

  /// The next row is the first of `place`.
  void begin(Place place) noexcept {
    const std::size_t column = place.panel * kPanelWidth;
    for (int half = 0; half < 2; ++half) {
      const std::size_t at = column + std::size_t(16 * half);
      scale_[half] = _mm512_loadu_ps(scales_.columns.scale + at);
      sum_[half] = _mm512_mul_ps(scale_[half],
                                 _mm512_cvtepi32_ps(_mm512_loadu_si512(scales_.columns.sum + at)));
    }
    step_ = scales_.rows.step + place.row;
    shift_ = scales_.rows.shift + place.row;
    before_ = base_.values + place.row * base_.stride + column;
  }

  /// The next row. `sums`: its kPanelWidth.
  Row next(const char* sums) noexcept {
    const __m512 step = _mm512_set1_ps(*step_++), shift = _mm512_set1_ps(*shift_++);
    const auto half = [&](int h, const char* from) {
      const __m512 raw = _mm512_cvtepi32_ps(_mm512_load_si512(from));
      const __m512 shifted = _mm512_fnmadd_ps(shift, sum_[h], _mm512_loadu_ps(before_ + 16 * h));
      return _mm512_fmadd_ps(step, _mm512_mul_ps(scale_[h], raw), shifted);
    };
    const Row row{half(0, sums), half(1, sums + 64)};
    before_ += base_.stride;
    return row;
  }

 private:
  BlockScales scales_;
  Base base_;
  __m512 scale_[2], sum_[2];
  const float* step_ = nullptr;
  const float* shift_ = nullptr;
  const float* before_ = nullptr;
};

}  // namespace
}  // namespace enlace
