#include <immintrin.h>

#include <cstring>

#include "math/kernels.h"
#include "math/polynomials.h"

namespace enlace {
namespace {

constexpr std::size_t kLanes = 8;

float horizontal_sum(__m256 v) noexcept {
  const __m128 halves = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 pairs = _mm_add_ps(halves, _mm_movehl_ps(halves, halves));
  return _mm_cvtss_f32(_mm_add_ss(pairs, _mm_movehdup_ps(pairs)));
}

float dot(const float* a, const float* b, std::size_t n) noexcept {
  __m256 sum = _mm256_setzero_ps();
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    sum = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), sum);
  }
  float tail = 0;
  for (; i < n; ++i) tail += a[i] * b[i];
  return horizontal_sum(sum) + tail;
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
  static void store(Half* to, __m256 value) noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm256_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }
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

template <Function kFinish, class As, class T>
void dequantize(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                QuantizedColumns columns, Base base, T* c, std::size_t c_stride) noexcept {
  for (std::size_t j = 0; j < kPanelWidth; j += kLanes) {
    const __m256 scale = _mm256_loadu_ps(columns.scale + j);
    const __m256 sum = _mm256_mul_ps(scale, _mm256_cvtepi32_ps(load_words(columns.sum + j)));
    for (std::size_t i = 0; i < m; ++i) {
      const __m256 raw = _mm256_cvtepi32_ps(load_words(sums + i * kPanelWidth + j));
      const __m256 before = _mm256_loadu_ps(base.values + i * base.stride + j);
      const __m256 shifted = _mm256_fnmadd_ps(_mm256_set1_ps(rows.shift[i]), sum, before);
      const __m256 value =
          _mm256_fmadd_ps(_mm256_set1_ps(rows.step[i]), _mm256_mul_ps(scale, raw), shifted);
      As::store(c + i * c_stride + j, kFinish(value));
    }
  }
}

/// The lanes of a vector at i that are inside n values.
__m256i lanes_at(std::size_t i, std::size_t n) noexcept {
  const int left = static_cast<int>(n - i < kLanes ? n - i : kLanes);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(left), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

void to_bf16(const float* x, std::size_t n, Bf16* y) noexcept {
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m128i halves = rounded_to_bf16(_mm256_maskload_ps(x + i, lanes_at(i, n)));
    if (i + kLanes <= n) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(y + i), halves);
    } else {
      std::memcpy(y + i, &halves, (n - i) * sizeof *y);
    }
  }
}

// Whole vectors apart: copying as many bytes as a variable says is ten times slower.
__m256 load(const float* from, std::size_t i, std::size_t n) noexcept {
  if (i + kLanes <= n) return _mm256_loadu_ps(from + i);
  return _mm256_maskload_ps(from + i, lanes_at(i, n));
}
__m256 load(const Half* from, std::size_t i, std::size_t n) noexcept {
  __m128i halves = _mm_setzero_si128();
  if (i + kLanes <= n) {
    halves = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
  } else {
    std::memcpy(&halves, from + i, (n - i) * sizeof *from);
  }
  return _mm256_cvtph_ps(halves);
}
void store_low(std::uint8_t* to, std::size_t i, std::size_t n, __m128i bytes) noexcept {
  if (i + kLanes <= n) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + i), bytes);
  } else {
    std::memcpy(to + i, &bytes, n - i);
  }
}

template <class T>
void quantize_row(const T* x, const float* scale, std::size_t n, std::uint8_t* y, float* step,
                  float* shift) noexcept {
  __m256 lows = _mm256_setzero_ps(), highs = _mm256_setzero_ps();
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m256 value = _mm256_mul_ps(load(x, i, n), load(scale, i, n));
    lows = _mm256_min_ps(lows, value);
    highs = _mm256_max_ps(highs, value);
  }
  alignas(32) float ends[2][kLanes];
  _mm256_store_ps(ends[0], lows);
  _mm256_store_ps(ends[1], highs);
  float low = 0, high = 0;
  for (std::size_t i = 0; i < kLanes; ++i) {
    low = ends[0][i] < low ? ends[0][i] : low;
    high = ends[1][i] > high ? ends[1][i] : high;
  }
  *step = (high - low) / 255;
  const float per_step = *step > 0 ? 1 / *step : 0;
  const int zero = _mm_cvtss_si32(_mm_set_ss(-low * per_step));
  *shift = *step * static_cast<float>(zero);
  const __m256i zeros = _mm256_set1_epi32(zero);
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m256 value = _mm256_mul_ps(load(x, i, n), load(scale, i, n));
    const __m256i steps = _mm256_cvtps_epi32(_mm256_mul_ps(value, _mm256_set1_ps(per_step)));
    const __m128i halves = narrow(_mm256_add_epi32(steps, zeros));
    store_low(y, i, n, _mm_packus_epi16(halves, halves));
  }
}

template <class T>
void quantize(const T* x, std::size_t x_stride, std::size_t m, const float* scale, std::size_t n,
              BytesOfRows y) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    quantize_row(x + i * x_stride, scale, n, y.bytes + i * y.stride, y.step + i, y.shift + i);
  }
}

void normalize_sum(float* x, const float* y, Norm norm, std::size_t n) noexcept {
  __m256 sums = _mm256_setzero_ps();
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m256i in = lanes_at(i, n);
    const __m256 s = _mm256_add_ps(_mm256_maskload_ps(x + i, in), _mm256_maskload_ps(y + i, in));
    _mm256_maskstore_ps(x + i, in, s);
    sums = _mm256_add_ps(sums, s);
  }
  const __m256 mean = _mm256_set1_ps(horizontal_sum(sums) / static_cast<float>(n));
  __m256 squares = _mm256_setzero_ps();
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m256i in = lanes_at(i, n);
    const __m256 centred =
        _mm256_and_ps(_mm256_sub_ps(_mm256_maskload_ps(x + i, in), mean), _mm256_castsi256_ps(in));
    squares = _mm256_fmadd_ps(centred, centred, squares);
  }
  const __m256 variance = _mm256_set1_ps(horizontal_sum(squares) / static_cast<float>(n));
  const __m256 scale = _mm256_div_ps(
      _mm256_set1_ps(1), _mm256_sqrt_ps(_mm256_add_ps(variance, _mm256_set1_ps(norm.epsilon))));
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m256i in = lanes_at(i, n);
    const __m256 centred = _mm256_sub_ps(_mm256_maskload_ps(x + i, in), mean);
    const __m256 result =
        _mm256_fmadd_ps(_mm256_mul_ps(centred, scale), _mm256_maskload_ps(norm.gain + i, in),
                        _mm256_maskload_ps(norm.shift + i, in));
    _mm256_maskstore_ps(x + i, in, result);
  }
}

void add_normalize(float* x, std::size_t x_stride, const float* y, std::size_t y_stride,
                   std::size_t m, Norm norm, std::size_t n) noexcept {
  for (std::size_t i = 0; i < m; ++i) normalize_sum(x + i * x_stride, y + i * y_stride, norm, n);
}

/// exp(x) for x <= 0.
__m256 exponential(__m256 x) noexcept {
  using namespace polynomials;
  x = _mm256_max_ps(x, _mm256_set1_ps(kExpLeast));
  const __m256 n =
      _mm256_round_ps(_mm256_mul_ps(x, _mm256_set1_ps(kInverseLn2)), _MM_FROUND_TO_NEAREST_INT);
  __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(kLn2High), x);
  r = _mm256_fnmadd_ps(n, _mm256_set1_ps(kLn2Low), r);
  __m256 sum = _mm256_set1_ps(kExp[6]);
#pragma GCC unroll 6
  for (int i = 5; i >= 0; --i) sum = _mm256_fmadd_ps(sum, r, _mm256_set1_ps(kExp[i]));
  const __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
  return _mm256_mul_ps(sum, _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23)));  // 2^n
}

void softmax(float* x, std::size_t n, float scale) noexcept {
  float top = x[0];
  for (std::size_t i = 1; i < n; ++i) top = x[i] > top ? x[i] : top;
  const __m256 tops = _mm256_set1_ps(top);
  const __m256 factor = _mm256_set1_ps(scale);
  __m256 sums = _mm256_setzero_ps();
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m256i in = lanes_at(i, n);
    const __m256 below = _mm256_sub_ps(_mm256_maskload_ps(x + i, in), tops);
    // A lane outside reads 0: `below` may be positive there, so it is forced to 0 first.
    const __m256 value =
        exponential(_mm256_mul_ps(factor, _mm256_and_ps(below, _mm256_castsi256_ps(in))));
    _mm256_maskstore_ps(x + i, in, value);
    sums = _mm256_add_ps(sums, _mm256_and_ps(value, _mm256_castsi256_ps(in)));
  }
  const __m256 share = _mm256_set1_ps(1 / horizontal_sum(sums));
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m256i in = lanes_at(i, n);
    _mm256_maskstore_ps(x + i, in, _mm256_mul_ps(_mm256_maskload_ps(x + i, in), share));
  }
}

void attend_short(const AttentionHead& head, std::size_t queries, float scale, float* context,
                  std::size_t context_stride) noexcept {
  for (std::size_t i = 0; i < queries; ++i) {
    float shares[kShortTokens];
    for (std::size_t j = 0; j < head.tokens; ++j) {
      shares[j] = dot(head.queries + i * head.stride, head.keys + j * head.stride, head.head_size);
    }
    softmax(shares, head.tokens, scale);
    for (std::size_t w = 0; w < head.head_width; w += kPanelWidth) {
      __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(),
                        _mm256_setzero_ps()};
      for (std::size_t j = 0; j < head.tokens; ++j) {
        const float* value = head.values + j * head.stride + w;
        const __m256 part = _mm256_set1_ps(shares[j]);
#pragma GCC unroll 4
        for (std::size_t v = 0; v < 4; ++v) {
          sums[v] = _mm256_fmadd_ps(part, _mm256_loadu_ps(value + v * kLanes), sums[v]);
        }
      }
#pragma GCC unroll 4
      for (std::size_t v = 0; v < 4; ++v) {
        _mm256_storeu_ps(context + i * context_stride + w + v * kLanes, sums[v]);
      }
    }
  }
}

}  // namespace

const Kernels kAvx2Kernels{"avx2",
                           dot,
                           add<same, AsFloat, float>,
                           add<gelu, AsFloat, float>,
                           add<rough_gelu, AsBf16, Bf16>,
                           dequantize<same, AsFloat, float>,
                           dequantize<rough_gelu, AsHalf, Half>,
                           to_bf16,
                           quantize<float>,
                           quantize<Half>,
                           add_normalize,
                           softmax,
                           attend_short};

}  // namespace enlace
