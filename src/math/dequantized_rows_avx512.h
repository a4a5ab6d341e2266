// Rows of a block of sums, finished as two vectors: only for files compiled for AVX-512.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "math/block_products.h"
#include "math/rows_avx512.h"

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

/// 32 values of f32 or binary16 as a Row.
struct AsRow {
  template <class T>
  static Row load(const T* values) noexcept {
    return {AllLanes::load(values), AllLanes::load(values + 16)};
  }
};

/// What rows are added to, as As::load gives it: a bias,
template <class As>
struct BiasBefore {
  const float* values;
  decltype(As::load(values)) of_panel{};

  void begin(Place place) noexcept { of_panel = As::load(values + place.panel * kPanelWidth); }
  auto next() const noexcept { return of_panel; }
};
/// or rows of values.
template <class As, class T>
struct RowsBefore {
  const T* values;
  std::size_t stride;
  const T* at = nullptr;

  void begin(Place place) noexcept { at = values + place.row * stride + place.panel * kPanelWidth; }
  auto next() noexcept {
    const auto row = As::load(at);
    at += stride;
    return row;
  }
};

/// before + scale_j (step_i sums - shift_i sum_j).
template <class Before>
class DequantizedRows {
 public:
  DequantizedRows(const BlockScales& scales, Before before) noexcept
      : scales_(scales), before_(before) {}

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
    before_.begin(place);
  }

  /// The next row. `sums`: its kPanelWidth.
  Row next(const char* sums) noexcept {
    const __m512 step = _mm512_set1_ps(*step_++), shift = _mm512_set1_ps(*shift_++);
    const Row before = before_.next();
    const auto half = [&](int h, __m512 base) {
      const __m512 raw = _mm512_cvtepi32_ps(_mm512_load_si512(sums + h * 64));
      return _mm512_fmadd_ps(step, _mm512_mul_ps(scale_[h], raw),
                             _mm512_fnmadd_ps(shift, sum_[h], base));
    };
    return {half(0, before.low), half(1, before.high)};
  }

 private:
  BlockScales scales_;
  Before before_;
  __m512 scale_[2], sum_[2];
  const float* step_ = nullptr;
  const float* shift_ = nullptr;
};

}  // namespace
}  // namespace enlace
