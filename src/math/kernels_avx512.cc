#include <immintrin.h>

#include "math/kernels.h"
#include "math/polynomials.h"

namespace enlace {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kRows = 12;  // 12 rows x 2 vectors fill 24 of 32 registers

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

/// R rows of a times a whole panel, kept in registers over all of k.
template <std::size_t R>
void tile(const float* a, std::size_t a_stride, const float* panel, std::size_t k, float* c,
          std::size_t c_stride) noexcept {
  __m512 sums[R][2];
#pragma GCC unroll 12
  for (std::size_t i = 0; i < R; ++i) sums[i][0] = sums[i][1] = _mm512_setzero_ps();
  for (std::size_t l = 0; l < k; ++l) {
    const __m512 low = _mm512_load_ps(panel + l * kPanelWidth);
    const __m512 high = _mm512_load_ps(panel + l * kPanelWidth + kLanes);
#pragma GCC unroll 12
    for (std::size_t i = 0; i < R; ++i) {
      const __m512 value = _mm512_set1_ps(a[i * a_stride + l]);
      sums[i][0] = _mm512_fmadd_ps(value, low, sums[i][0]);
      sums[i][1] = _mm512_fmadd_ps(value, high, sums[i][1]);
    }
  }
#pragma GCC unroll 12
  for (std::size_t i = 0; i < R; ++i) {
    _mm512_storeu_ps(c + i * c_stride, sums[i][0]);
    _mm512_storeu_ps(c + i * c_stride + kLanes, sums[i][1]);
  }
}

using Tile = void (*)(const float*, std::size_t, const float*, std::size_t, float*,
                      std::size_t) noexcept;
constexpr Tile kTiles[kRows + 1] = {nullptr, tile<1>, tile<2>, tile<3>,  tile<4>,  tile<5>, tile<6>,
                                    tile<7>, tile<8>, tile<9>, tile<10>, tile<11>, tile<12>};

void multiply_panel(const float* a, std::size_t a_stride, std::size_t m, const float* panel,
                    std::size_t k, float* c, std::size_t c_stride) noexcept {
  for (std::size_t i = 0; i < m; i += kRows) {
    kTiles[m - i < kRows ? m - i : kRows](a + i * a_stride, a_stride, panel, k, c + i * c_stride,
                                          c_stride);
  }
}

void add_bias(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept {
  const __m512 low = _mm512_loadu_ps(bias);
  const __m512 high = _mm512_loadu_ps(bias + kLanes);
  for (std::size_t i = 0; i < m; ++i, c += c_stride) {
    _mm512_storeu_ps(c, _mm512_add_ps(_mm512_loadu_ps(c), low));
    _mm512_storeu_ps(c + kLanes, _mm512_add_ps(_mm512_loadu_ps(c + kLanes), high));
  }
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

void add_bias_gelu(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept {
  const __m512 low = _mm512_loadu_ps(bias);
  const __m512 high = _mm512_loadu_ps(bias + kLanes);
  for (std::size_t i = 0; i < m; ++i, c += c_stride) {
    _mm512_storeu_ps(c, gelu(_mm512_add_ps(_mm512_loadu_ps(c), low)));
    _mm512_storeu_ps(c + kLanes, gelu(_mm512_add_ps(_mm512_loadu_ps(c + kLanes), high)));
  }
}

/// The lanes of a vector at i that are inside n values.
__mmask16 lanes_at(std::size_t i, std::size_t n) noexcept {
  return static_cast<__mmask16>(n - i < kLanes ? (1U << (n - i)) - 1 : 0xFFFFU);
}

void add_normalize(float* x, const float* y, const float* gain, const float* shift, float epsilon,
                   std::size_t n) noexcept {
  __m512 sums = _mm512_setzero_ps();
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 in = lanes_at(i, n);
    const __m512 s =
        _mm512_add_ps(_mm512_maskz_loadu_ps(in, x + i), _mm512_maskz_loadu_ps(in, y + i));
    _mm512_mask_storeu_ps(x + i, in, s);
    sums = _mm512_add_ps(sums, s);
  }
  const __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sums) / static_cast<float>(n));
  __m512 squares = _mm512_setzero_ps();
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 in = lanes_at(i, n);
    const __m512 centred = _mm512_maskz_sub_ps(in, _mm512_maskz_loadu_ps(in, x + i), mean);
    squares = _mm512_fmadd_ps(centred, centred, squares);
  }
  const __m512 variance = _mm512_set1_ps(_mm512_reduce_add_ps(squares) / static_cast<float>(n));
  const __m512 scale = _mm512_div_ps(
      _mm512_set1_ps(1), _mm512_sqrt_ps(_mm512_add_ps(variance, _mm512_set1_ps(epsilon))));
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 in = lanes_at(i, n);
    const __m512 centred = _mm512_sub_ps(_mm512_maskz_loadu_ps(in, x + i), mean);
    const __m512 result =
        _mm512_fmadd_ps(_mm512_mul_ps(centred, scale), _mm512_maskz_loadu_ps(in, gain + i),
                        _mm512_maskz_loadu_ps(in, shift + i));
    _mm512_mask_storeu_ps(x + i, in, result);
  }
}

/// exp(x) for x <= 0.
__m512 exponential(__m512 x) noexcept {
  using namespace polynomials;
  x = _mm512_max_ps(x, _mm512_set1_ps(kExpLeast));
  const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(kInverseLn2)),
                                        _MM_FROUND_TO_NEAREST_INT);
  __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(kLn2High), x);
  r = _mm512_fnmadd_ps(n, _mm512_set1_ps(kLn2Low), r);
  __m512 sum = _mm512_set1_ps(kExp[6]);
#pragma GCC unroll 6
  for (int i = 5; i >= 0; --i) sum = _mm512_fmadd_ps(sum, r, _mm512_set1_ps(kExp[i]));
  return _mm512_scalef_ps(sum, n);
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

}  // namespace

const Kernels kAvx512Kernels{"avx512",      dot,           multiply_panel, add_bias,
                             add_bias_gelu, add_normalize, softmax};

}  // namespace enlace
