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

  void begin(Place place) noexcept {
    const std::size_t column = place.panel * kPanelWidth;
    for (int half = 0; half < 2; ++half) {
      const std::size_t at = column + std::size_t(16 * half);
      scale_[half] = _mm512_loadu_ps(scales_.columns.scale + at);
      sum_[half] = _mm512_mul_ps(scale_[half],
                                 _mm512_cvtepi32_ps(_mm512_loadu_si512(scales_.columns.sum + at)));
    }
    before_ = base_.values + place.row * base_.stride + column;
  }

  /// `sums`: the kPanelWidth of row i of the place.
  Row row(Place place, std::size_t i, const char* sums) const noexcept {
    const __m512 step = _mm512_set1_ps(scales_.rows.step[place.row + i]);
    const __m512 shift = _mm512_set1_ps(scales_.rows.shift[place.row + i]);
    const float* before = before_ + i * base_.stride;
    const auto half = [&](int h, const char* from) {
      const __m512 raw = _mm512_cvtepi32_ps(_mm512_load_si512(from));
      const __m512 shifted = _mm512_fnmadd_ps(shift, sum_[h], _mm512_loadu_ps(before + 16 * h));
      return _mm512_fmadd_ps(step, _mm512_mul_ps(scale_[h], raw), shifted);
    };
    return {half(0, sums), half(1, sums + 64)};
  }

 private:
  const BlockScales& scales_;
  Base base_;
  __m512 scale_[2], sum_[2];
  const float* before_ = nullptr;
};

}  // namespace
}  // namespace enlace
