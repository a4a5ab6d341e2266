#include <immintrin.h>

#include "math/attention_avx2.h"
#include "math/kernels.h"
#include "math/polynomials.h"
#include "math/rows_avx2.h"
#include "math/vectors_avx2.h"

namespace enlace {
namespace {

float dot(const float* a, const float* b, std::size_t n) noexcept {
  __m256 sum = _mm256_setzero_ps();
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    sum = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), sum);
  }
  if (i < n) {
    const FewerLanes lanes(i, n);
    sum = _mm256_fmadd_ps(lanes.load(a + i), lanes.load(b + i), sum);
  }
  return _mm256_cvtss_f32(in_all_lanes(sum, sum_of));
}

__m256 same(__m256 x) noexcept {
  return x;
}

__m256 gelu(__m256 x) noexcept {
  using namespace polynomials;
  const __m256 one = _mm256_set1_ps(1);
  const __m256 scaled = _mm256_mul_ps(x, _mm256_set1_ps(0.707106781F));
  const __m256 w =
      _mm256_fmsub_ps(_mm256_mul_ps(scaled, scaled), _mm256_set1_ps(2 / (kErfEnd * kErfEnd)), one);
  __m256 sum = _mm256_set1_ps(kErf[14]);
#pragma GCC unroll 14
  for (int i = 13; i >= 0; --i) sum = _mm256_fmadd_ps(sum, w, _mm256_set1_ps(kErf[i]));
  const __m256 below = _mm256_cmp_ps(scaled, _mm256_set1_ps(-kErfEnd), _CMP_LE_OQ);
  const __m256 above = _mm256_cmp_ps(scaled, _mm256_set1_ps(kErfEnd), _CMP_GE_OQ);
  __m256 erf = _mm256_mul_ps(sum, scaled);
  erf = _mm256_blendv_ps(erf, _mm256_set1_ps(-1), below);
  erf = _mm256_blendv_ps(erf, one, above);
  return _mm256_mul_ps(_mm256_mul_ps(x, _mm256_set1_ps(0.5F)), _mm256_add_ps(one, erf));
}

__m256 rough_gelu(__m256 x) noexcept {
  using namespace polynomials;
  const __m256 magnitude = _mm256_andnot_ps(_mm256_set1_ps(-0.0F), x);
  const __m256 t = _mm256_min_ps(magnitude, _mm256_set1_ps(kGeluEnd));
  const __m256 w = _mm256_fmsub_ps(t, _mm256_set1_ps(2 / kGeluEnd), _mm256_set1_ps(1));
  __m256 sum = _mm256_set1_ps(kGelu[8]);
#pragma GCC unroll 8
  for (int i = 7; i >= 0; --i) sum = _mm256_fmadd_ps(sum, w, _mm256_set1_ps(kGelu[i]));
  // The second operand is kept if one is NaN.
  return _mm256_sub_ps(_mm256_max_ps(_mm256_setzero_ps(), x), sum);
}

using Function = __m256 (*)(__m256) noexcept;

__m256i load_words(const std::int32_t* from) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

/// Lane i of eight words to half i of the eight of the result.
__m128i narrow(__m256i words) noexcept {
  const __m256i packed = _mm256_packus_epi32(words, words);  // in each half by itself
  return _mm256_castsi256_si128(_mm256_permute4x64_epi64(packed, 0x08));
}

__m128i rounded_to_bf16(__m256 value) noexcept {
  const __m256i bits = _mm256_castps_si256(value);
  const __m256i even = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  const __m256i rounded = _mm256_add_epi32(bits, _mm256_add_epi32(even, _mm256_set1_epi32(0x7FFF)));
  const __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(1 << 22));
  const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(value, value, _CMP_UNORD_Q));
  return narrow(_mm256_srli_epi32(_mm256_blendv_epi8(rounded, quiet, nan), 16));
}

struct AsFloat {
  static void store(float* to, __m256 value) noexcept { _mm256_storeu_ps(to, value); }
};
struct AsBf16 {
  static void store(Bf16* to, __m256 value) noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), rounded_to_bf16(value));
  }
};
struct AsHalf {
  static void store(Half* to, __m256 value) noexcept { EightLanes::store(to, value); }
};

template <Function kFinish, class As, class T>
void add(const float* sums, std::size_t m, Base base, T* c, std::size_t c_stride) noexcept {
  for (std::size_t i = 0; i < m; ++i, sums += kPanelWidth, c += c_stride) {
    const float* before = base.values + i * base.stride;
    for (std::size_t j = 0; j < kPanelWidth; j += kLanes) {
      As::store(c + j,
                kFinish(_mm256_add_ps(_mm256_loadu_ps(before + j), _mm256_loadu_ps(sums + j))));
    }
  }
}

template <class B, Function kFinish, class As, class T>
void dequantize(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                QuantizedColumns columns, B base, T* c, std::size_t c_stride) noexcept {
  constexpr std::size_t kVectors = kPanelWidth / kLanes;
  __m256 scale[kVectors], sum[kVectors];
#pragma GCC unroll 4
  for (std::size_t v = 0; v < kVectors; ++v) {
    scale[v] = _mm256_loadu_ps(columns.scale + v * kLanes);
    sum[v] = _mm256_mul_ps(scale[v], _mm256_cvtepi32_ps(load_words(columns.sum + v * kLanes)));
  }
  for (std::size_t i = 0; i < m; ++i, sums += kPanelWidth, c += c_stride) {
    const __m256 step = _mm256_set1_ps(rows.step[i]), shift = _mm256_set1_ps(rows.shift[i]);
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) {
      const __m256 raw = _mm256_cvtepi32_ps(load_words(sums + v * kLanes));
      const __m256 shifted =
          _mm256_fnmadd_ps(shift, sum[v], values_of<EightFloats>(base, i, v * kLanes));
      const __m256 value = _mm256_fmadd_ps(step, _mm256_mul_ps(scale[v], raw), shifted);
      As::store(c + v * kLanes, kFinish(value));
    }
  }
}

void to_bf16(const float* x, std::size_t n, Bf16* y) noexcept {
  for_vectors<EightFloats>(0, n, [&](std::size_t i, auto lanes) {
    lanes.store_halves(y + i, rounded_to_bf16(lanes.load(x + i)));
  });
}

}  // namespace

const Kernels kAvx2Kernels{"avx2",
                           false,
                           dot,
                           add<same, AsFloat, float>,
                           add<gelu, AsFloat, float>,
                           add<rough_gelu, AsBf16, Bf16>,
                           dequantize<Base, same, AsFloat, float>,
                           dequantize<HalfBase, same, AsHalf, Half>,
                           dequantize<HalfBase, rough_gelu, AsHalf, Half>,
                           to_bf16,
                           copy<EightFloats, float, Half>,
                           copy<EightFloats, Half, float>,
                           quantize<float>,
                           quantize<Half>,
                           add_normalize<EightFloats, float>,
                           add_normalize<EightFloats, Half>,
                           softmax,
                           attend_short};

}  // namespace enlace
