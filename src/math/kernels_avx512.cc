#include <immintrin.h>

#include "math/kernels.h"

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

}  // namespace

const Kernels kAvx512Kernels{"avx512", dot, multiply_panel};

}  // namespace enlace
