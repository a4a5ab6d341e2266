#include <immintrin.h>

#include "math/attention_avx512.h"
#include "math/gelu_avx512.h"
#include "math/kernels.h"
#include "math/polynomials.h"
#include "math/rows_avx512.h"

namespace enlace {
namespace {

float dot(const float* a, const float* b, std::size_t n) noexcept {
  __m512 sum = _mm512_setzero_ps();
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    sum = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), sum);
  }
  const __mmask16 rest = static_cast<__mmask16>((1U << (n - i)) - 1);
  sum =
      _mm512_fmadd_ps(_mm512_maskz_loadu_ps(rest, a + i), _mm512_maskz_loadu_ps(rest, b + i), sum);
  return _mm512_reduce_add_ps(sum);
}

__m512 same(__m512 x) noexcept {
  return x;
}

__m512 gelu(__m512 x) noexcept {
  using namespace polynomials;
  const __m512 one = _mm512_set1_ps(1);
  const __m512 scaled = _mm512_mul_ps(x, _mm512_set1_ps(0.707106781F));
  const __m512 w =
      _mm512_fmsub_ps(_mm512_mul_ps(scaled, scaled), _mm512_set1_ps(2 / (kErfEnd * kErfEnd)), one);
  __m512 sum = _mm512_set1_ps(kErf[14]);
#pragma GCC unroll 14
  for (int i = 13; i >= 0; --i) sum = _mm512_fmadd_ps(sum, w, _mm512_set1_ps(kErf[i]));
  const __mmask16 below = _mm512_cmp_ps_mask(scaled, _mm512_set1_ps(-kErfEnd), _CMP_LE_OQ);
  const __mmask16 above = _mm512_cmp_ps_mask(scaled, _mm512_set1_ps(kErfEnd), _CMP_GE_OQ);
  __m512 erf = _mm512_mul_ps(sum, scaled);
  erf = _mm512_mask_mov_ps(erf, below, _mm512_set1_ps(-1));
  erf = _mm512_mask_mov_ps(erf, above, one);
  return _mm512_mul_ps(_mm512_mul_ps(x, _mm512_set1_ps(0.5F)), _mm512_add_ps(one, erf));
}

using Function = __m512 (*)(__m512) noexcept;

__m256i rounded_to_bf16(__m512 value) noexcept {
  const __m512i bits = _mm512_castps_si512(value);
  const __m512i even = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i rounded = _mm512_add_epi32(bits, _mm512_add_epi32(even, _mm512_set1_epi32(0x7FFF)));
  const __mmask16 nan = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
  const __m512i kept = _mm512_mask_or_epi32(rounded, nan, bits, _mm512_set1_epi32(1 << 22));
  return _mm512_cvtepi32_epi16(_mm512_srli_epi32(kept, 16));
}

/// Bits of halves, which of the two formats the name says.
struct AsBf16 {
  static void store(std::uint16_t* to, __m512 value) noexcept {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), rounded_to_bf16(value));
  }
};
struct AsHalf {
  static void store(std::uint16_t* to, __m512 value) noexcept { AllLanes::store(to, value); }
};
struct AsFloat {
  static void store(float* to, __m512 value) noexcept { _mm512_storeu_ps(to, value); }
};

template <Function kFinish, class As, class T>
void add(const float* sums, std::size_t m, Base base, T* c, std::size_t c_stride) noexcept {
  for (std::size_t i = 0; i < m; ++i, sums += kPanelWidth, c += c_stride) {
    const float* before = base.values + i * base.stride;
    for (std::size_t j = 0; j < kPanelWidth; j += kLanes) {
      As::store(c + j,
                kFinish(_mm512_add_ps(_mm512_loadu_ps(before + j), _mm512_load_ps(sums + j))));
    }
  }
}

template <class B, Function kFinish, class As, class T>
void dequantize(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                QuantizedColumns columns, B base, T* c, std::size_t c_stride) noexcept {
  for (std::size_t j = 0; j < kPanelWidth; j += kLanes) {
    const __m512 scale = _mm512_loadu_ps(columns.scale + j);
    const __m512 sum =
        _mm512_mul_ps(scale, _mm512_cvtepi32_ps(_mm512_loadu_si512(columns.sum + j)));
    for (std::size_t i = 0; i < m; ++i) {
      const __m512 raw = _mm512_cvtepi32_ps(_mm512_load_si512(sums + i * kPanelWidth + j));
      const __m512 before = values_of<SixteenFloats>(base, i, j);
      const __m512 shifted = _mm512_fnmadd_ps(_mm512_set1_ps(rows.shift[i]), sum, before);
      const __m512 value =
          _mm512_fmadd_ps(_mm512_set1_ps(rows.step[i]), _mm512_mul_ps(scale, raw), shifted);
      As::store(c + i * c_stride + j, kFinish(value));
    }
  }
}

void to_bf16(const float* x, std::size_t n, Bf16* y) noexcept {
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(y + i), rounded_to_bf16(_mm512_loadu_ps(x + i)));
  }
  const __mmask16 in = lanes_at(i, n);
  _mm256_mask_storeu_epi16(y + i, in, rounded_to_bf16(_mm512_maskz_loadu_ps(in, x + i)));
}

void softmax(float* x, std::size_t n, float scale) noexcept {
  const __m512 lowest = _mm512_set1_ps(-3.402823466e+38F);
  __m512 tops = lowest;
  for (std::size_t i = 0; i < n; i += kLanes) {
    tops = _mm512_max_ps(tops, _mm512_mask_loadu_ps(lowest, lanes_at(i, n), x + i));
  }
  const __m512 top = _mm512_set1_ps(_mm512_reduce_max_ps(tops));
  const __m512 factor = _mm512_set1_ps(scale);
  __m512 sums = _mm512_setzero_ps();
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 in = lanes_at(i, n);
    const __m512 below = _mm512_sub_ps(_mm512_mask_loadu_ps(top, in, x + i), top);
    const __m512 value = exponential(_mm512_mul_ps(factor, below));
    _mm512_mask_storeu_ps(x + i, in, value);
    sums = _mm512_add_ps(sums, _mm512_maskz_mov_ps(in, value));
  }
  const __m512 share = _mm512_set1_ps(1 / _mm512_reduce_add_ps(sums));
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 in = lanes_at(i, n);
    _mm512_mask_storeu_ps(x + i, in, _mm512_mul_ps(_mm512_maskz_loadu_ps(in, x + i), share));
  }
}

/// The shares that queries [i, i + R) give to each token, in rows of sixteen.
template <std::size_t R>
void share(const AttentionHead& head, std::size_t i, const float* keys, float scale,
           float* shares) noexcept {
  const __mmask16 in = lanes_at(0, head.tokens);
  __m512 scores[R];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < R; ++r) scores[r] = _mm512_setzero_ps();
  const float* query = head.queries + i * head.stride;
  for (std::size_t d = 0; d < head.head_size; ++d) {
    const __m512 key = _mm512_load_ps(keys + d * kLanes);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      scores[r] = _mm512_fmadd_ps(_mm512_set1_ps(query[r * head.stride + d]), key, scores[r]);
    }
  }
#pragma GCC unroll 4
  for (std::size_t r = 0; r < R; ++r) {
    _mm512_store_ps(shares + (i + r) * kLanes, softmax_of(scores[r], in, scale));
  }
}

/// The contexts of queries [i, i + R).
template <std::size_t R>
void mix(const AttentionHead& head, std::size_t i, const float* shares, float* context,
         std::size_t context_stride) noexcept {
  for (std::size_t w = 0; w < head.head_width; w += 2 * kLanes) {
    __m512 sums[R][2];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
    for (std::size_t j = 0; j < head.tokens; ++j) {
      const float* value = head.values + j * head.stride + w;
      const __m512 low = _mm512_loadu_ps(value);
      const __m512 high = _mm512_loadu_ps(value + kLanes);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < R; ++r) {
        const __m512 part = _mm512_set1_ps(shares[(i + r) * kLanes + j]);
        sums[r][0] = _mm512_fmadd_ps(part, low, sums[r][0]);
        sums[r][1] = _mm512_fmadd_ps(part, high, sums[r][1]);
      }
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      _mm512_storeu_ps(context + (i + r) * context_stride + w, sums[r][0]);
      _mm512_storeu_ps(context + (i + r) * context_stride + w + kLanes, sums[r][1]);
    }
  }
}

void attend_short(const AttentionHead& head, std::size_t queries, float scale, float* context,
                  std::size_t context_stride) noexcept {
  alignas(64) float keys[128 * kLanes];  // transposed: a row of tokens for each of D
  alignas(64) float shares[kShortTokens * kLanes];
  for (std::size_t d = 0; d < head.head_size; d += kLanes) {
    __m512 rows[kShortTokens];
#pragma GCC unroll 16
    for (std::size_t j = 0; j < kShortTokens; ++j) {
      rows[j] =
          j < head.tokens ? _mm512_loadu_ps(head.keys + j * head.stride + d) : _mm512_setzero_ps();
    }
    transpose(rows, keys + d * kLanes);
  }
  for_rows(queries,
           [&](std::size_t i, auto rows) { share<rows.value>(head, i, keys, scale, shares); });
  for_rows(queries, [&](std::size_t i, auto rows) {
    mix<rows.value>(head, i, shares, context, context_stride);
  });
}

}  // namespace

const Kernels kAvx512Kernels{"avx512",
                             false,
                             dot,
                             add<same, AsFloat, float>,
                             add<gelu, AsFloat, float>,
                             add<rough_gelu, AsBf16, Bf16>,
                             dequantize<Base, same, AsFloat, float>,
                             dequantize<HalfBase, same, AsHalf, Half>,
                             dequantize<HalfBase, rough_gelu, AsHalf, Half>,
                             to_bf16,
                             copy<SixteenFloats, float, Half>,
                             copy<SixteenFloats, Half, float>,
                             quantize<float>,
                             quantize<Half>,
                             add_normalize<SixteenFloats, float>,
                             add_normalize<SixteenFloats, Half>,
                             softmax,
                             attend_short};

}  // namespace enlace
