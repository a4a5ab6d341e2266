// Training, row by row: rounding, gelu, norms, dropout, sums and the optimizer's step. Local to
// train_loops.h.
#pragma once

#include "math/train_vectors.h"

namespace enlace {
namespace {

template <class T>
void round(const float* x, std::size_t n, T* y) noexcept {
  for (std::size_t i = 0; i < n; i += kWide) store_some(y + i, n - i, load_some(x + i, n - i));
}

template <class T>
void gelu(const T* u, std::size_t n, T* y) noexcept {
  for (std::size_t i = 0; i < n; i += kWide) {
    const Floats x = load_some(u + i, n - i);
    store_some(y + i, n - i, x * normal_below<T>(x));
  }
}

template <class T>
void gelu_gradient(const T* u, const float* dy, std::size_t n, T* du, T* y) noexcept {
  constexpr float kDensity = 0.398942280F;  // 1 / sqrt(2 pi)
  constexpr int kTerms = sizeof(T) == 2 ? 4 : 6;
  for (std::size_t i = 0; i < n; i += kWide) {
    const Floats x = load_some(u + i, n - i);
    const Floats below = normal_below<T>(x);
    const Floats slope = below + x * kDensity * exponential<kTerms>(x * x * -0.5F);
    store_some(y + i, n - i, x * below);
    store_some(du + i, n - i, load_some(dy + i, n - i) * slope);
  }
}

ENLACE_INLINE float root_of(float x) noexcept {
  return __builtin_sqrtf(x);
}

template <class T>
float add_normalize(float* x, const float* y, const float* gain, const float* shift, float epsilon,
                    std::size_t n, T* centred, T* rounded) noexcept {
  const float count = static_cast<float>(n);
  Floats sums{};
  for (std::size_t i = 0; i < n; i += kWide) {
    const Floats s = load_some(x + i, n - i) + load_some(y + i, n - i);
    store_some(x + i, n - i, s);
    sums += s;
  }
  const float mean = sum_of(sums) / count;
  Floats squares{};
  for (std::size_t i = 0; i < n; i += kWide) {
    Floats c = load_some(x + i, n - i) - mean;
    if (n - i < kWide) c = either(as<Ints>(kLane < static_cast<std::uint32_t>(n - i)), c, Floats{});
    squares += c * c;
  }
  const float rstd = 1 / root_of(sum_of(squares) / count + epsilon);
  for (std::size_t i = 0; i < n; i += kWide) {
    const Floats c = (load_some(x + i, n - i) - mean) * rstd;
    const Floats result = c * load_some(gain + i, n - i) + load_some(shift + i, n - i);
    store_some(centred + i, n - i, c);
    store_some(x + i, n - i, result);
    store_some(rounded + i, n - i, result);
  }
  return rstd;
}

template <class T>
void normalize_gradient(const T* centred, float rstd, const float* gain, std::size_t n, float* dx,
                        float* gain_gradient, float* shift_gradient) noexcept {
  const float count = static_cast<float>(n);
  Floats sums{}, products{};
  for (std::size_t i = 0; i < n; i += kWide) {
    const Floats c = load_some(centred + i, n - i);
    const Floats d = load_some(dx + i, n - i);
    store_some(gain_gradient + i, n - i, load_some(gain_gradient + i, n - i) + d * c);
    store_some(shift_gradient + i, n - i, load_some(shift_gradient + i, n - i) + d);
    const Floats scaled = d * load_some(gain + i, n - i);
    sums += scaled;
    products += scaled * c;
  }
  const float mean = sum_of(sums) / count;
  const float slope = sum_of(products) / count;
  for (std::size_t i = 0; i < n; i += kWide) {
    const Floats scaled = load_some(dx + i, n - i) * load_some(gain + i, n - i);
    store_some(dx + i, n - i, (scaled - mean - load_some(centred + i, n - i) * slope) * rstd);
  }
}

template <class T>
void add_to_sums(const T* x, std::size_t n, float* sums) noexcept {
  for (std::size_t i = 0; i < n; i += kWide) {
    store_some(sums + i, n - i, load_some(sums + i, n - i) + load_some(x + i, n - i));
  }
}

void drop(float* x, std::size_t n, Dropout dropout) noexcept {
  for (std::size_t i = 0; i < n; i += kWide) {
    store_some(x + i, n - i, dropped(load_some(x + i, n - i), dropout, i));
  }
}

ENLACE_INLINE Floats root_of(Floats x) noexcept {
  Floats y;
  for (std::size_t i = 0; i < kWide; ++i) y[i] = __builtin_sqrtf(x[i]);
  return y;
}

void adam(const AdamStep& step, const float* gradient, std::size_t n, float* weight, float* mean,
          float* square) noexcept {
  for (std::size_t i = 0; i < n; i += kWide) {
    const std::size_t left = n - i;
    const Floats g = load_some(gradient + i, left) * step.gradient_scale;
    const Floats m = load_some(mean + i, left) * step.first_decay + g * (1 - step.first_decay);
    const Floats v =
        load_some(square + i, left) * step.second_decay + g * g * (1 - step.second_decay);
    const Floats w = load_some(weight + i, left) * step.keep -
                     step.rate * m / (root_of(v) * step.root + step.epsilon);
    store_some(mean + i, left, m);
    store_some(square + i, left, v);
    store_some(weight + i, left, w);
  }
}

double square_sum(const float* x, std::size_t n) noexcept {
  double sum = 0;
  constexpr std::size_t kBlock = 4096;
  for (std::size_t first = 0; first < n; first += kBlock) {
    const std::size_t last = n - first < kBlock ? n : first + kBlock;
    Floats sums{};
    for (std::size_t i = first; i < last; i += kWide) {
      const Floats v = load_some(x + i, last - i);
      sums += v * v;
    }
    sum += static_cast<double>(sum_of(sums));
  }
  return sum;
}

}  // namespace
}  // namespace enlace
