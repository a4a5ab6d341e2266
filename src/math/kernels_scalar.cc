#include "math/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <vector>

namespace enlace {
namespace {

float dot(const float* a, const float* b, std::size_t n) noexcept {
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

float same(float x) noexcept {
  return x;
}

float gelu(float x) noexcept {
  return x / 2 * (1 + std::erf(x / std::numbers::sqrt2_v<float>));
}

Bf16 as_bf16(float x) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t round = 0x7FFFU + (bits >> 16 & 1U);
  return static_cast<Bf16>((std::isnan(x) ? bits | 1U << 22 : bits + round) >> 16);
}

Half as_half(float x) noexcept {
  const std::uint32_t sign = std::signbit(x) ? 0x8000 : 0;
  const float magnitude = std::fabs(x);
  if (std::isnan(x)) return static_cast<Half>(sign | 0x7E00);
  if (magnitude >= 65520) return static_cast<Half>(sign | 0x7C00);
  const int exponent = magnitude < 0x1p-14F ? -14 : std::ilogb(magnitude);
  const long units = std::lrint(std::ldexp(magnitude, 10 - exponent));  // 1024 is the leading bit
  return static_cast<Half>(sign | std::uint32_t(((exponent + 14) << 10) + units));
}

float from_half(Half half) noexcept {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const float magnitude = exponent == 31  ? (fraction == 0 ? HUGE_VALF : NAN)
                          : exponent == 0 ? std::ldexp(float(fraction), -24)
                                          : std::ldexp(float(1024 + fraction), exponent - 25);
  return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

template <float (*kFinish)(float) noexcept, class T, T (*kRound)(float) noexcept>
void add(const float* sums, std::size_t m, Base base, T* c, std::size_t c_stride) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < kPanelWidth; ++j) {
      const float sum = base.values[i * base.stride + j] + sums[i * kPanelWidth + j];
      c[i * c_stride + j] = kRound(kFinish(sum));
    }
  }
}

float value_of(Base base, std::size_t i, std::size_t j) noexcept {
  return base.values[i * base.stride + j];
}
float value_of(HalfBase base, std::size_t i, std::size_t j) noexcept {
  return base.bias != nullptr ? base.bias[j] : from_half(base.values[i * base.stride + j]);
}

template <class B, float (*kFinish)(float) noexcept, class T, T (*kRound)(float) noexcept>
void dequantize(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                QuantizedColumns columns, B base, T* c, std::size_t c_stride) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < kPanelWidth; ++j) {
      const float value =
          rows.step[i] * float(sums[i * kPanelWidth + j]) - rows.shift[i] * float(columns.sum[j]);
      c[i * c_stride + j] = kRound(kFinish(value_of(base, i, j) + columns.scale[j] * value));
    }
  }
}

void to_bf16(const float* x, std::size_t n, Bf16* y) noexcept {
  for (std::size_t i = 0; i < n; ++i) y[i] = as_bf16(x[i]);
}

void to_halves(const float* x, std::size_t n, Half* y) noexcept {
  std::transform(x, x + n, y, as_half);
}

void from_halves(const Half* x, std::size_t n, float* y) noexcept {
  std::transform(x, x + n, y, from_half);
}

template <class T, float (*kLoad)(T) noexcept>
void quantize_row(const T* x, const float* scale, std::size_t n, std::uint8_t* y, float* step,
                  float* shift) noexcept {
  float low = 0, high = 0;
  for (std::size_t i = 0; i < n; ++i) {
    low = std::min(low, kLoad(x[i]) * scale[i]);
    high = std::max(high, kLoad(x[i]) * scale[i]);
  }
  *step = (high - low) / 255;
  const float per_step = *step > 0 ? 1 / *step : 0;
  const long zero = std::lrint(-low * per_step);
  *shift = *step * float(zero);
  for (std::size_t i = 0; i < n; ++i) {
    const long value = std::lrint(kLoad(x[i]) * scale[i] * per_step) + zero;
    y[i] = static_cast<std::uint8_t>(std::clamp(value, 0L, 255L));
  }
}

template <class T, float (*kLoad)(T) noexcept>
void quantize(const T* x, std::size_t x_stride, std::size_t m, const float* scale, std::size_t n,
              BytesOfRows y) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    quantize_row<T, kLoad>(x + i * x_stride, scale, n, y.bytes + i * y.stride, y.step + i,
                           y.shift + i);
  }
}

void normalize_sum(float* x, const float* y, Norm norm, std::size_t n) noexcept {
  float mean = 0;
  for (std::size_t i = 0; i < n; ++i) mean += (x[i] += y[i]) / float(n);
  float variance = 0;
  for (std::size_t i = 0; i < n; ++i) variance += (x[i] - mean) * (x[i] - mean) / float(n);
  const float scale = 1 / std::sqrt(variance + norm.epsilon);
  for (std::size_t i = 0; i < n; ++i) x[i] = (x[i] - mean) * scale * norm.gain[i] + norm.shift[i];
}

void add_normalize(float* x, std::size_t x_stride, const float* y, std::size_t y_stride,
                   std::size_t m, Norm norm, std::size_t n) noexcept {
  for (std::size_t i = 0; i < m; ++i) normalize_sum(x + i * x_stride, y + i * y_stride, norm, n);
}

void add_normalize_halves(Half* x, std::size_t x_stride, const Half* y, std::size_t y_stride,
                          std::size_t m, Norm norm, std::size_t n) noexcept {
  std::vector<float> sums(n);
  const std::vector<float> nothing(n);
  for (std::size_t i = 0; i < m; ++i, x += x_stride, y += y_stride) {
    for (std::size_t j = 0; j < n; ++j) {
      sums[j] = from_half(as_half(from_half(x[j]) + from_half(y[j])));
    }
    normalize_sum(sums.data(), nothing.data(), norm, n);
    to_halves(sums.data(), n, x);
  }
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

const Kernels kScalarKernels{"scalar",
                             false,
                             dot,
                             add<same, float, same>,
                             add<gelu, float, same>,
                             add<gelu, Bf16, as_bf16>,
                             dequantize<Base, same, float, same>,
                             dequantize<HalfBase, same, Half, as_half>,
                             dequantize<HalfBase, gelu, Half, as_half>,
                             to_bf16,
                             to_halves,
                             from_halves,
                             quantize<float, same>,
                             quantize<Half, from_half>,
                             add_normalize,
                             add_normalize_halves,
                             softmax,
                             attend_short};

}  // namespace enlace
