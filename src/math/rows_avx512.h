// Norms and bytes of several rows at once, so that the sums of one need not be waited for: only for
// files compiled for AVX-512.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "math/attention_avx512.h"
#include "math/kernels.h"
#include "math/rows_together.h"

namespace enlace {
namespace {

inline __m256i nearest_halves(__m512 x) noexcept {
  return _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

/// All lanes of a vector, and those at the end of a row; outside of them a vector is 0.
struct AllLanes {
  static __m512 load(const float* from) noexcept { return _mm512_loadu_ps(from); }
  static __m512 load(const Half* from) noexcept {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
  }
  static __m512 only(__m512 x) noexcept { return x; }
  static void store(float* to, __m512 x) noexcept { _mm512_storeu_ps(to, x); }
  static void store(Half* to, __m512 x) noexcept {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), nearest_halves(x));
  }
};
struct SomeLanes {
  __mmask16 in;

  SomeLanes(std::size_t i, std::size_t n) noexcept : in(lanes_at(i, n)) {}

  __m512 load(const float* from) const noexcept { return _mm512_maskz_loadu_ps(in, from); }
  __m512 load(const Half* from) const noexcept {
    return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(in, from));
  }
  __m512 only(__m512 x) const noexcept { return _mm512_maskz_mov_ps(in, x); }
  void store(float* to, __m512 x) const noexcept { _mm512_mask_storeu_ps(to, in, x); }
  void store(Half* to, __m512 x) const noexcept {
    _mm256_mask_storeu_epi16(to, in, nearest_halves(x));
  }
};

/// What `of` makes of all lanes of row r, in every lane of quarter r.
template <class Of>
__m512 in_quarters(const __m512 (&rows)[kRowsTogether], const Of& of) noexcept {
  const auto halves = [&](__m512 a, __m512 b) {
    return of(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xEE));
  };
  const __m512 first = halves(rows[0], rows[1]), second = halves(rows[2], rows[3]);
  const __m512 quarters =
      of(_mm512_shuffle_f32x4(first, second, 0x88), _mm512_shuffle_f32x4(first, second, 0xDD));
  const __m512 pairs = of(quarters, _mm512_permute_ps(quarters, 0x4E));
  return of(pairs, _mm512_permute_ps(pairs, 0xB1));
}

inline __m512 sum_of(__m512 a, __m512 b) noexcept {
  return _mm512_add_ps(a, b);
}
inline __m512 greatest_of(__m512 a, __m512 b) noexcept {
  return _mm512_max_ps(a, b);
}

/// Quarter r in all quarters.
inline __m512 quarter(__m512 x, std::size_t r) noexcept {
  switch (r) {
    case 0: return _mm512_shuffle_f32x4(x, x, 0x00);
    case 1: return _mm512_shuffle_f32x4(x, x, 0x55);
    case 2: return _mm512_shuffle_f32x4(x, x, 0xAA);
    default: return _mm512_shuffle_f32x4(x, x, 0xFF);
  }
}

/// Stores one value of each of the first R quarters.
template <std::size_t R>
void store_quarters(float* to, __m512 x) noexcept {
  const __m512i firsts = _mm512_setr_epi32(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  _mm_mask_storeu_ps(to, static_cast<__mmask8>((1U << R) - 1),
                     _mm512_castps512_ps128(_mm512_permutexvar_ps(firsts, x)));
}

/// For the loops that instruction sets share (math/rows_together.h).
struct SixteenFloats {
  using Floats = __m512;
  using Whole = AllLanes;
  using Part = SomeLanes;
  static constexpr std::size_t kCount = kLanes;

  static Floats all(float x) noexcept { return _mm512_set1_ps(x); }
  static Floats add(Floats a, Floats b) noexcept { return _mm512_add_ps(a, b); }
  static Floats subtract(Floats a, Floats b) noexcept { return _mm512_sub_ps(a, b); }
  static Floats multiply(Floats a, Floats b) noexcept { return _mm512_mul_ps(a, b); }
  static Floats divide(Floats a, Floats b) noexcept { return _mm512_div_ps(a, b); }
  static Floats multiply_add(Floats a, Floats b, Floats c) noexcept {
    return _mm512_fmadd_ps(a, b, c);
  }
  static Floats root(Floats x) noexcept { return _mm512_sqrt_ps(x); }
  static Floats lesser(Floats a, Floats b) noexcept { return _mm512_min_ps(a, b); }
  static Floats greater(Floats a, Floats b) noexcept { return _mm512_max_ps(a, b); }
  /// What `of` makes of each row, where of_row finds it.
  template <std::size_t R, class Of>
  static Floats folded(const Floats (&rows)[R], const Of& of) noexcept {
    return in_quarters(rows, of);
  }
  static Floats of_row(Floats x, std::size_t r) noexcept { return quarter(x, r); }
};

/// x scale / step, rounded.
template <class T>
__m512i steps_of(const T* x, __m512 scale, __m512 per_step) noexcept {
  return _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_mul_ps(AllLanes::load(x), scale), per_step));
}

/// Kernels::quantize, or that of halves, for R rows.
template <std::size_t R, class T>
void quantize(const T* x, std::size_t x_stride, const float* scale, std::size_t n,
              BytesOfRows y) noexcept {
  const RowRanges<SixteenFloats> ranges = row_ranges<SixteenFloats, R>(x, x_stride, scale, n);
  const __m512 step = _mm512_div_ps(_mm512_sub_ps(ranges.high, ranges.low), _mm512_set1_ps(255));
  const __mmask16 wide = _mm512_cmp_ps_mask(step, _mm512_setzero_ps(), _CMP_GT_OQ);
  const __m512 per_step = _mm512_maskz_div_ps(wide, _mm512_set1_ps(1), step);
  const __m512i zero =
      _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_sub_ps(_mm512_setzero_ps(), ranges.low), per_step));
  store_quarters<R>(y.step, step);
  store_quarters<R>(y.shift, _mm512_mul_ps(step, _mm512_cvtepi32_ps(zero)));

  // Packing works on quarters of a vector: this puts their words back in order.
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  __m512 factor[R];
  __m512i zeros[R];  // in lanes of 16 bits
#pragma GCC unroll 4
  for (std::size_t r = 0; r < R; ++r) {
    factor[r] = quarter(per_step, r);
    const __m512i of_row = _mm512_castps_si512(quarter(_mm512_castsi512_ps(zero), r));
    zeros[r] = _mm512_packs_epi32(of_row, of_row);
  }
  const std::size_t packed = n / (4 * kLanes) * (4 * kLanes);
  for (std::size_t i = 0; i < packed; i += 4 * kLanes) {
    __m512 scales[4];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < 4; ++v) scales[v] = _mm512_loadu_ps(scale + i + v * kLanes);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      const T* from = x + r * x_stride + i;
      const __m512i first = _mm512_packs_epi32(steps_of(from, scales[0], factor[r]),
                                               steps_of(from + 16, scales[1], factor[r]));
      const __m512i second = _mm512_packs_epi32(steps_of(from + 32, scales[2], factor[r]),
                                                steps_of(from + 48, scales[3], factor[r]));
      const __m512i bytes = _mm512_packus_epi16(_mm512_adds_epi16(first, zeros[r]),
                                                _mm512_adds_epi16(second, zeros[r]));
      _mm512_storeu_si512(y.bytes + r * y.stride + i, _mm512_permutexvar_epi32(order, bytes));
    }
  }
  for_vectors<SixteenFloats>(packed, n, [&](std::size_t i, auto lanes) {
    const __m512 scales = lanes.load(scale + i);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      const __m512 value = _mm512_mul_ps(lanes.load(x + r * x_stride + i), scales);
      const __m512i steps = _mm512_packs_epi32(_mm512_cvtps_epi32(_mm512_mul_ps(value, factor[r])),
                                               _mm512_setzero_si512());
      const __m512i bytes =
          _mm512_packus_epi16(_mm512_adds_epi16(steps, zeros[r]), _mm512_setzero_si512());
      _mm_mask_storeu_epi8(y.bytes + r * y.stride + i, lanes_at(i, n),
                           _mm512_castsi512_si128(_mm512_permutexvar_epi32(order, bytes)));
    }
  });
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
