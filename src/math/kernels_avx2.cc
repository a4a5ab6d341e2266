#include <immintrin.h>

#include "math/kernels.h"
#include "math/polynomials.h"

namespace enlace {
namespace {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kVectors = 2;  // of a panel at a time: 6 rows x 2 vectors fill 12 registers
constexpr std::size_t kRows = 6;

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

/// R rows of a times 16 columns of a panel, kept in registers over all of k.
template <std::size_t R>
void tile(const float* a, std::size_t a_stride, const float* panel, std::size_t k, float* c,
          std::size_t c_stride) noexcept {
  __m256 sums[R][kVectors];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < R; ++i) sums[i][0] = sums[i][1] = _mm256_setzero_ps();
  for (std::size_t l = 0; l < k; ++l) {
    const __m256 low = _mm256_load_ps(panel + l * kPanelWidth);
    const __m256 high = _mm256_load_ps(panel + l * kPanelWidth + kLanes);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < R; ++i) {
      const __m256 value = _mm256_broadcast_ss(a + i * a_stride + l);
      sums[i][0] = _mm256_fmadd_ps(value, low, sums[i][0]);
      sums[i][1] = _mm256_fmadd_ps(value, high, sums[i][1]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t i = 0; i < R; ++i) {
    _mm256_storeu_ps(c + i * c_stride, sums[i][0]);
    _mm256_storeu_ps(c + i * c_stride + kLanes, sums[i][1]);
  }
}

using Tile = void (*)(const float*, std::size_t, const float*, std::size_t, float*,
                      std::size_t) noexcept;
constexpr Tile kTiles[kRows + 1] = {nullptr, tile<1>, tile<2>, tile<3>, tile<4>, tile<5>, tile<6>};

void multiply_panel(const float* a, std::size_t a_stride, std::size_t m, const float* panel,
                    std::size_t k, float* c, std::size_t c_stride) noexcept {
  for (std::size_t i = 0; i < m; i += kRows) {
    const Tile run = kTiles[m - i < kRows ? m - i : kRows];
    for (std::size_t j = 0; j < kPanelWidth; j += kVectors * kLanes) {
      run(a + i * a_stride, a_stride, panel + j, k, c + i * c_stride + j, c_stride);
    }
  }
}

void add_bias(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < kPanelWidth; j += kLanes) {
      float* at = c + i * c_stride + j;
      _mm256_storeu_ps(at, _mm256_add_ps(_mm256_loadu_ps(at), _mm256_loadu_ps(bias + j)));
    }
  }
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

void add_bias_gelu(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < kPanelWidth; j += kLanes) {
      float* at = c + i * c_stride + j;
      _mm256_storeu_ps(at, gelu(_mm256_add_ps(_mm256_loadu_ps(at), _mm256_loadu_ps(bias + j))));
    }
  }
}

/// The lanes of a vector at i that are inside n values.
__m256i lanes_at(std::size_t i, std::size_t n) noexcept {
  const int left = static_cast<int>(n - i < kLanes ? n - i : kLanes);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(left), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

void add_normalize(float* x, const float* y, const float* gain, const float* shift, float epsilon,
                   std::size_t n) noexcept {
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
      _mm256_set1_ps(1), _mm256_sqrt_ps(_mm256_add_ps(variance, _mm256_set1_ps(epsilon))));
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m256i in = lanes_at(i, n);
    const __m256 centred = _mm256_sub_ps(_mm256_maskload_ps(x + i, in), mean);
    const __m256 result =
        _mm256_fmadd_ps(_mm256_mul_ps(centred, scale), _mm256_maskload_ps(gain + i, in),
                        _mm256_maskload_ps(shift + i, in));
    _mm256_maskstore_ps(x + i, in, result);
  }
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

}  // namespace

const Kernels kAvx2Kernels{"avx2",        dot,           multiply_panel, add_bias,
                           add_bias_gelu, add_normalize, softmax};

}  // namespace enlace
