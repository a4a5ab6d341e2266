#include "math/kernels.h"

#include <algorithm>
#include <cmath>
#include <numbers>

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

void add_bias(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < kPanelWidth; ++j) c[i * c_stride + j] += bias[j];
  }
}

void add_bias_gelu(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < kPanelWidth; ++j) {
      const float x = c[i * c_stride + j] + bias[j];
      c[i * c_stride + j] = x / 2 * (1 + std::erf(x / std::numbers::sqrt2_v<float>));
    }
  }
}

void add_normalize(float* x, const float* y, const float* gain, const float* shift, float epsilon,
                   std::size_t n) noexcept {
  float mean = 0;
  for (std::size_t i = 0; i < n; ++i) mean += (x[i] += y[i]) / float(n);
  float variance = 0;
  for (std::size_t i = 0; i < n; ++i) variance += (x[i] - mean) * (x[i] - mean) / float(n);
  const float scale = 1 / std::sqrt(variance + epsilon);
  for (std::size_t i = 0; i < n; ++i) x[i] = (x[i] - mean) * scale * gain[i] + shift[i];
}

void softmax(float* x, std::size_t n, float scale) noexcept {
  const float top = *std::max_element(x, x + n);
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += x[i] = std::exp(scale * (x[i] - top));
  for (std::size_t i = 0; i < n; ++i) x[i] /= sum;
}

}  // namespace

const Kernels kScalarKernels{"scalar",      dot,           multiply_panel, add_bias,
                             add_bias_gelu, add_normalize, softmax};

}  // namespace enlace
