#include "math/kernels.h"

namespace enlace {
namespace {

float dot(const float* a, const float* b, std::size_t n) noexcept {
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

void multiply_panel(const float* a, std::size_t a_stride, std::size_t m, const float* panel,
                    std::size_t k, float* c, std::size_t c_stride) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    float sums[kPanelWidth] = {};
    for (std::size_t l = 0; l < k; ++l) {
      for (std::size_t j = 0; j < kPanelWidth; ++j) {
        sums[j] += a[i * a_stride + l] * panel[l * kPanelWidth + j];
      }
    }
    for (std::size_t j = 0; j < kPanelWidth; ++j) c[i * c_stride + j] = sums[j];
  }
}

}  // namespace

const Kernels kScalarKernels{"scalar", dot, multiply_panel};

}  // namespace enlace
