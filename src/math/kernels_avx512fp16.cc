#include <immintrin.h>

#include <cstring>

#include "math/gelu_avx512fp16.h"
#include "math/kernels.h"
#include "math/rows_avx512.h"

namespace enlace {
namespace {

constexpr std::size_t kHalfLanes = 32;  // in a vector

void to_bf16(const float* x, std::size_t n, Bf16* y) noexcept {
  std::size_t i = 0;
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    const __m512bh rounded =
        _mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + i + kLanes), _mm512_loadu_ps(x + i));
    std::memcpy(y + i, &rounded, sizeof rounded);
  }
  if (i < n) kAvx512Kernels.to_bf16(x + i, n - i, y + i);
}

/// Lane 0 of each quarter, in f32.
__m128 first_halves(__m512 quarters) noexcept {
  const __m512i firsts = _mm512_setr_epi32(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m128i words =
      _mm512_castsi512_si128(_mm512_permutexvar_epi32(firsts, _mm512_castps_si512(quarters)));
  return _mm_cvtxph_ps(_mm_castsi128_ph(_mm_cvtepi32_epi16(words)));
}

/// What `of` makes of the 32 halves of each of four rows.
template <class Of>
__m128 of_rows(const __m512h (&rows)[kRowsTogether], const Of& of) noexcept {
  const auto of_bits = [&](__m512 a, __m512 b) {
    return _mm512_castph_ps(of(_mm512_castps_ph(a), _mm512_castps_ph(b)));
  };
  const __m512 bits[kRowsTogether] = {_mm512_castph_ps(rows[0]), _mm512_castph_ps(rows[1]),
                                      _mm512_castph_ps(rows[2]), _mm512_castph_ps(rows[3])};
  const __m512 words = in_quarters(bits, of_bits);
  const __m512 turned = _mm512_castsi512_ps(_mm512_rol_epi32(_mm512_castps_si512(words), 16));
  return first_halves(of_bits(words, turned));
}

/// Kernels::quantize_halves for R rows of whole vectors, `kept` being where they are kept scaled;
/// `halves` are the scales.
template <std::size_t R>
void quantize_halves(const Half* x, std::size_t x_stride, const float* scale, const Half* halves,
                     std::size_t n, Half* kept, BytesOfRows y) noexcept {
  __m512h lows[kRowsTogether] = {}, highs[kRowsTogether] = {};
  for (std::size_t i = 0; i < n; i += kHalfLanes) {
    const __m512h scales = _mm512_load_ph(halves + i);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      const __m512h value = _mm512_mul_ph(_mm512_loadu_ph(x + r * x_stride + i), scales);
      _mm512_store_ph(kept + r * n + i, value);
      lows[r] = _mm512_min_ph(lows[r], value);
      highs[r] = _mm512_max_ph(highs[r], value);
    }
  }
  const __m128 low = of_rows(lows, [](__m512h a, __m512h b) { return _mm512_min_ph(a, b); });
  const __m128 high = of_rows(highs, [](__m512h a, __m512h b) { return _mm512_max_ph(a, b); });
  const __m128 range = _mm_sub_ps(high, low);
  const __m128h factor = _mm_cvtxps_ph(_mm_div_ps(_mm_set1_ps(255), range));
  const __m128 per_step = _mm_cvtxph_ps(factor);
  const __m128i zero = _mm_cvtps_epi32(_mm_mul_ps(_mm_sub_ps(_mm_setzero_ps(), low), per_step));
  const __m128 step = _mm_div_ps(_mm_set1_ps(1), per_step);
  constexpr auto kRows = static_cast<__mmask8>((1U << R) - 1);
  _mm_mask_storeu_ps(y.step, kRows, step);
  _mm_mask_storeu_ps(y.shift, kRows, _mm_mul_ps(step, _mm_cvtepi32_ps(zero)));
  // Binary16 is exact enough in the middle of its range: the rest goes the longer way.
  const __mmask8 exact = _mm_cmp_ps_mask(range, _mm_set1_ps(0.01F), _CMP_GT_OQ) &
                         _mm_cmp_ps_mask(range, _mm_set1_ps(10000), _CMP_LT_OQ);

  alignas(16) std::uint16_t factors[8];
  alignas(16) std::int32_t zeros[4];
  _mm_store_ph(factors, factor);
  _mm_store_si128(reinterpret_cast<__m128i*>(zeros), zero);
  // From 1024 to 2048 halves are whole numbers: the byte is in the lowest bits.
  const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
  const __m512i base = _mm512_set1_epi16(static_cast<short>(kHalf1024));
  for (std::size_t r = 0; r < R; ++r) {
    std::uint8_t* bytes = y.bytes + r * y.stride;
    if ((exact >> r & 1U) == 0) {
      kAvx512Kernels.quantize_halves(x + r * x_stride, x_stride, 1, scale, n,
                                     {bytes, y.stride, y.step + r, y.shift + r});
      continue;
    }
    const __m512h of_row = same_half(factors[r]);
    const __m512h start = same_half(static_cast<std::uint16_t>(kHalf1024 + zeros[r]));
    const auto words_at = [&](std::size_t i) {
      const __m512h value = _mm512_fmadd_ph(_mm512_load_ph(kept + r * n + i), of_row, start);
      return _mm512_sub_epi16(_mm512_castph_si512(value), base);
    };
    std::size_t i = 0;
    for (; i + 2 * kHalfLanes <= n; i += 2 * kHalfLanes) {
      const __m512i mixed = _mm512_packus_epi16(words_at(i), words_at(i + kHalfLanes));
      _mm512_storeu_si512(bytes + i, _mm512_permutexvar_epi64(order, mixed));
    }
    if (i < n) {
      const __m512i mixed = _mm512_packus_epi16(words_at(i), _mm512_setzero_si512());
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(bytes + i),
                          _mm512_castsi512_si256(_mm512_permutexvar_epi64(order, mixed)));
    }
  }
}

void quantize_halves(const Half* x, std::size_t x_stride, std::size_t m, const float* scale,
                     std::size_t n, BytesOfRows y) noexcept {
  constexpr std::size_t kMost = 512;  // values of a row that are kept scaled
  alignas(64) Half kept[kRowsTogether * kMost], halves[kMost];
  if (n % kHalfLanes != 0 || n > kMost) {
    return kAvx512Kernels.quantize_halves(x, x_stride, m, scale, n, y);
  }
  kAvx512Kernels.to_halves(scale, n, halves);
  for_rows(m, [&](std::size_t i, auto rows) {
    quantize_halves<rows.value>(x + i * x_stride, x_stride, scale, halves, n, kept,
                                {y.bytes + i * y.stride, y.stride, y.step + i, y.shift + i});
  });
}

/// A half in both halves of every word of a quarter, from quarters of f32.
__m512h halves_of(__m512 quarters, std::size_t r) noexcept {
  const __m512 value = quarter(quarters, r);
  return as_halves(value, value);
}

/// Kernels::add_normalize_halves for R rows of whole vectors.
template <std::size_t R>
void add_normalize_halves(Half* x, std::size_t x_stride, const Half* y, std::size_t y_stride,
                          Norm norm, std::size_t n) noexcept {
  __m512 sums[kRowsTogether] = {}, squares[kRowsTogether] = {};
  for (std::size_t i = 0; i < n; i += kHalfLanes) {
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      Half* to = x + r * x_stride + i;
      const __m512h sum = _mm512_add_ph(_mm512_loadu_ph(to), _mm512_loadu_ph(y + r * y_stride + i));
      _mm512_storeu_ph(to, sum);
      const __m512i bits = _mm512_castph_si512(sum);
      const __m512 low = _mm512_cvtph_ps(_mm512_castsi512_si256(bits));
      const __m512 high = _mm512_cvtph_ps(_mm512_extracti64x4_epi64(bits, 1));
      sums[r] = _mm512_add_ps(sums[r], _mm512_add_ps(low, high));
      squares[r] = _mm512_fmadd_ps(low, low, _mm512_fmadd_ps(high, high, squares[r]));
    }
  }
  const __m512 per_value = _mm512_set1_ps(1 / static_cast<float>(n));
  const __m512 means = _mm512_mul_ps(in_quarters(sums, sum_of), per_value);
  const __m512 mean_square = _mm512_mul_ps(in_quarters(squares, sum_of), per_value);
  const __m512 variances =
      _mm512_max_ps(_mm512_fnmadd_ps(means, means, mean_square), _mm512_setzero_ps());
  const __m512 scales = _mm512_div_ps(
      _mm512_set1_ps(1), _mm512_sqrt_ps(_mm512_add_ps(variances, _mm512_set1_ps(norm.epsilon))));
  __m512h mean[R], scale[R];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < R; ++r) {
    mean[r] = halves_of(means, r);
    scale[r] = halves_of(scales, r);
  }
  for (std::size_t i = 0; i < n; i += kHalfLanes) {
    const __m512h gain = AsHalves::load(norm.gain + i), shift = AsHalves::load(norm.shift + i);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      Half* to = x + r * x_stride + i;
      const __m512h centred = _mm512_sub_ph(_mm512_loadu_ph(to), mean[r]);
      _mm512_storeu_ph(to, _mm512_fmadd_ph(_mm512_mul_ph(centred, scale[r]), gain, shift));
    }
  }
}

void add_normalize_halves(Half* x, std::size_t x_stride, const Half* y, std::size_t y_stride,
                          std::size_t m, Norm norm, std::size_t n) noexcept {
  if (n % kHalfLanes != 0) {
    return kAvx512Kernels.add_normalize_halves(x, x_stride, y, y_stride, m, norm, n);
  }
  for_rows(m, [&](std::size_t i, auto rows) {
    add_normalize_halves<rows.value>(x + i * x_stride, x_stride, y + i * y_stride, y_stride, norm,
                                     n);
  });
}

}  // namespace

Kernels with_half_arithmetic(const Kernels& table) noexcept {
  Kernels result = table;
  result.name = "avx512fp16";
  result.computes_in_halves = true;
  result.to_bf16 = to_bf16;
  result.quantize_halves = quantize_halves;
  result.add_normalize_halves = add_normalize_halves;
  return result;
}

}  // namespace enlace
