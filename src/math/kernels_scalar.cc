#include "math/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace enlace {
namespace {

float dot(const float* a, const float* b, std::size_t n) noexcept {
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

void add_bias(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < kPanelWidth; ++j) c[i * c_stride + j] += bias[j];
  }
}

float gelu(float x) noexcept {
  return x / 2 * (1 + std::erf(x / std::numbers::sqrt2_v<float>));
}

void add_bias_gelu(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept {
  add_bias(c, c_stride, m, bias);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < kPanelWidth; ++j) c[i * c_stride + j] = gelu(c[i * c_stride + j]);
  }
}

void dequantize(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                QuantizedColumns columns, const float* base, std::size_t base_stride, float* c,
                std::size_t c_stride) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < kPanelWidth; ++j) {
      const auto sum = float(sums[i * kPanelWidth + j] - rows.zero[i] * columns.sum[j]);
      c[i * c_stride + j] = base[i * base_stride + j] + rows.step[i] * columns.scale[j] * sum;
    }
  }
}

void dequantize_gelu(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                     QuantizedColumns columns, const float* base, std::size_t base_stride, float* c,
                     std::size_t c_stride) noexcept {
  constexpr float kNoBias[kPanelWidth] = {};
  dequantize(sums, m, rows, columns, base, base_stride, c, c_stride);
  add_bias_gelu(c, c_stride, m, kNoBias);
}

void to_bf16(const float* x, std::size_t n, Bf16* y) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(x[i]);
    const std::uint32_t round = 0x7FFFU + (bits >> 16 & 1U);
    y[i] = static_cast<Bf16>((std::isnan(x[i]) ? bits | 1U << 22 : bits + round) >> 16);
  }
}

void quantize(const float* x, const float* scale, std::size_t n, std::uint8_t* y, float* step,
              std::int32_t* zero) noexcept {
  float low = 0, high = 0;
  for (std::size_t i = 0; i < n; ++i) {
    low = std::min(low, x[i] * scale[i]);
    high = std::max(high, x[i] * scale[i]);
  }
  *step = (high - low) / 255;
  const float per_step = *step > 0 ? 1 / *step : 0;
  *zero = static_cast<std::int32_t>(std::lrint(-low * per_step));
  for (std::size_t i = 0; i < n; ++i) {
    const long value = std::lrint(x[i] * scale[i] * per_step) + *zero;
    y[i] = static_cast<std::uint8_t>(std::clamp(value, 0L, 255L));
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

void attend_short(const AttentionHead& head, std::size_t queries, float scale, float* context,
                  std::size_t context_stride) noexcept {
  for (std::size_t i = 0; i < queries; ++i) {
    float shares[kShortTokens];
    for (std::size_t j = 0; j < head.tokens; ++j) {
      shares[j] = dot(head.queries + i * head.stride, head.keys + j * head.stride, head.head_size);
    }
    softmax(shares, head.tokens, scale);
    for (std::size_t w = 0; w < head.head_width; ++w) {
      float sum = 0;
      for (std::size_t j = 0; j < head.tokens; ++j) {
        sum += shares[j] * head.values[j * head.stride + w];
      }
      context[i * context_stride + w] = sum;
    }
  }
}

}  // namespace

const Kernels kScalarKernels{"scalar",      dot,           add_bias,        add_bias_gelu,
                             add_bias_gelu, dequantize,    dequantize_gelu, to_bf16,
                             quantize,      add_normalize, softmax,         attend_short};

}  // namespace enlace
