// Bytes of several rows at once: only for files compiled for AVX2.
#pragma once

#include "math/kernels.h"
#include "math/rows_together.h"
#include "math/vectors_avx2.h"

namespace enlace {
namespace {

/// v[i] / step, rounded, for eight of v[i] = x[i] scale[i].
template <class T, class Lanes>
__m256i steps_of(const T* x, const float* scale, __m256 per_step, Lanes lanes) noexcept {
  const __m256 value = _mm256_mul_ps(lanes.load(x), lanes.load(scale));
  return _mm256_cvtps_epi32(_mm256_mul_ps(value, per_step));
}

/// n values of a row to bytes; `zeros` are in lanes of 16 bits.
template <class T>
void to_bytes(const T* x, const float* scale, std::size_t n, __m256 per_step, __m256i zeros,
              std::uint8_t* y) noexcept {
  // Packing works on halves of a vector: this puts their words back in order.
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  const auto sixteen = [&](std::size_t i) {
    const __m256i steps =
        _mm256_packs_epi32(steps_of(x + i, scale + i, per_step, EightLanes()),
                           steps_of(x + i + 8, scale + i + 8, per_step, EightLanes()));
    return _mm256_adds_epi16(steps, zeros);
  };
  std::size_t i = 0;
  for (; i + 4 * kLanes <= n; i += 4 * kLanes) {
    const __m256i bytes = _mm256_packus_epi16(sixteen(i), sixteen(i + 16));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(y + i),
                        _mm256_permutevar8x32_epi32(bytes, order));
  }
  for_vectors<EightFloats>(i, n, [&](std::size_t at, auto lanes) {
    const __m256i steps =
        _mm256_packs_epi32(steps_of(x + at, scale + at, per_step, lanes), _mm256_setzero_si256());
    const __m256i bytes =
        _mm256_packus_epi16(_mm256_adds_epi16(steps, zeros), _mm256_setzero_si256());
    lanes.store_bytes(y + at, _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(bytes, order)));
  });
}

/// Kernels::quantize, or that of halves, for R rows.
template <std::size_t R, class T>
void quantize(const T* x, std::size_t x_stride, const float* scale, std::size_t n,
              BytesOfRows y) noexcept {
  const RowRanges<EightFloats> ranges = row_ranges<EightFloats, R>(x, x_stride, scale, n);
  const __m256 step = _mm256_div_ps(_mm256_sub_ps(ranges.high, ranges.low), _mm256_set1_ps(255));
  const __m256 wide = _mm256_cmp_ps(step, _mm256_setzero_ps(), _CMP_GT_OQ);
  const __m256 per_step = _mm256_and_ps(wide, _mm256_div_ps(_mm256_set1_ps(1), step));
  const __m256i zero =
      _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_sub_ps(_mm256_setzero_ps(), ranges.low), per_step));
  const __m256 shift = _mm256_mul_ps(step, _mm256_cvtepi32_ps(zero));
  std::memcpy(y.step, &step, R * sizeof *y.step);
  std::memcpy(y.shift, &shift, R * sizeof *y.shift);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < R; ++r) {
    const __m256i zeros = _mm256_castps_si256(lane(_mm256_castsi256_ps(zero), r));
    to_bytes(x + r * x_stride, scale, n, lane(per_step, r), _mm256_packs_epi32(zeros, zeros),
             y.bytes + r * y.stride);
  }
}

template <class T>
void quantize(const T* x, std::size_t x_stride, std::size_t m, const float* scale, std::size_t n,
              BytesOfRows y) noexcept {
  for_rows(m, [&](std::size_t i, auto rows) {
    quantize<rows.value>(x + i * x_stride, x_stride, scale, n,
                         {y.bytes + i * y.stride, y.stride, y.step + i, y.shift + i});
  });
}

}  // namespace
}  // namespace enlace
