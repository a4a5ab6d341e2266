#include <immintrin.h>

#include "math/kernels.h"

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

}  // namespace

const Kernels kAvx2Kernels{"avx2", dot, multiply_panel};

}  // namespace enlace
