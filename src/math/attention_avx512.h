// What attention of short sequences is made of: only for files compiled for AVX-512.
#pragma once

#include <immintrin.h>

#include <cstddef>

#include "math/polynomials.h"

namespace enlace {
namespace {

constexpr std::size_t kLanes = 16;

/// The lanes of a vector at i that are inside n values.
inline __mmask16 lanes_at(std::size_t i, std::size_t n) noexcept {
  return static_cast<__mmask16>(n - i < kLanes ? (1U << (n - i)) - 1 : 0xFFFFU);
}

/// exp(x) for x <= 0, and NaN for NaN.
inline __m512 exponential(__m512 x) noexcept {
  using namespace polynomials;
  x = _mm512_max_ps(_mm512_set1_ps(kExpLeast), x);  // of NaN and a number the second is kept
  const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(kInverseLn2)),
                                        _MM_FROUND_TO_NEAREST_INT);
  __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(kLn2High), x);
  r = _mm512_fnmadd_ps(n, _mm512_set1_ps(kLn2Low), r);
  __m512 sum = _mm512_set1_ps(kExp[6]);
#pragma GCC unroll 6
  for (int i = 5; i >= 0; --i) sum = _mm512_fmadd_ps(sum, r, _mm512_set1_ps(kExp[i]));
  return _mm512_scalef_ps(sum, n);
}

/// exp(scale (x - the greatest of x)) over the first n lanes, divided by its sum; 0 elsewhere.
inline __m512 softmax_of(__m512 x, __mmask16 in, float scale) noexcept {
  const __m512 top = _mm512_set1_ps(_mm512_mask_reduce_max_ps(in, x));
  const __m512 value = _mm512_maskz_mov_ps(
      in, exponential(_mm512_mul_ps(_mm512_set1_ps(scale), _mm512_sub_ps(x, top))));
  return _mm512_mul_ps(value, _mm512_set1_ps(1 / _mm512_reduce_add_ps(value)));
}

/// Row j of `to` is column j of sixteen rows: pairs, fours and then quarters change places.
inline void transpose(const __m512* rows, float* to) noexcept {
  __m512 a[16], b[16];
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    a[i] = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
    a[i + 1] = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    const auto low = [](__m512 x, __m512 y) {
      return _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(x), _mm512_castps_pd(y)));
    };
    const auto high = [](__m512 x, __m512 y) {
      return _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(x), _mm512_castps_pd(y)));
    };
    b[i] = low(a[i], a[i + 2]);
    b[i + 1] = high(a[i], a[i + 2]);
    b[i + 2] = low(a[i + 1], a[i + 3]);
    b[i + 3] = high(a[i + 1], a[i + 3]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const __m512 even_low = _mm512_shuffle_f32x4(b[i], b[i + 4], 0x88);
    const __m512 odd_low = _mm512_shuffle_f32x4(b[i], b[i + 4], 0xDD);
    const __m512 even_high = _mm512_shuffle_f32x4(b[i + 8], b[i + 12], 0x88);
    const __m512 odd_high = _mm512_shuffle_f32x4(b[i + 8], b[i + 12], 0xDD);
    _mm512_store_ps(to + i * kLanes, _mm512_shuffle_f32x4(even_low, even_high, 0x88));
    _mm512_store_ps(to + (i + 4) * kLanes, _mm512_shuffle_f32x4(odd_low, odd_high, 0x88));
    _mm512_store_ps(to + (i + 8) * kLanes, _mm512_shuffle_f32x4(even_low, even_high, 0xDD));
    _mm512_store_ps(to + (i + 12) * kLanes, _mm512_shuffle_f32x4(odd_low, odd_high, 0xDD));
  }
}

}  // namespace
}  // namespace enlace
