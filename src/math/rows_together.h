// Rows that are worked on together, so that the sums over one need not be waited for: only for
// files compiled for one instruction set.
#pragma once

#include <cstddef>

#include "math/kernels.h"
#include "math/row_counts.h"

namespace enlace {
namespace {

/// Calls body(i, lanes) for the vectors of n values from `first` on. V: the vectors of an
/// instruction set, as EightFloats in vectors_avx2.h.
template <class V, class Body>
void for_vectors(std::size_t first, std::size_t n, const Body& body) noexcept {
  std::size_t i = first;
  for (; i + V::kCount <= n; i += V::kCount) body(i, typename V::Whole());
  if (i < n) body(i, typename V::Part(i, n));
}

/// Of each row, where V::of_row finds it.
template <class V>
struct RowRanges {
  typename V::Floats low, high;
};

/// The least and the greatest of the values of R rows times `scale`, and of 0.
template <class V, std::size_t R, class T>
RowRanges<V> row_ranges(const T* x, std::size_t x_stride, const float* scale,
                        std::size_t n) noexcept {
  typename V::Floats lows[kRowsTogether] = {}, highs[kRowsTogether] = {};
  for_vectors<V>(0, n, [&](std::size_t i, auto lanes) {
    const auto scales = lanes.load(scale + i);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      const auto value = V::multiply(lanes.load(x + r * x_stride + i), scales);
      lows[r] = V::lesser(lows[r], value);
      highs[r] = V::greater(highs[r], value);
    }
  });
  return {V::folded(lows, V::lesser), V::folded(highs, V::greater)};
}

/// A vector of what row i of a block is added to, from column j on.
template <class V>
typename V::Floats values_of(Base base, std::size_t i, std::size_t j) noexcept {
  return V::Whole::load(base.values + i * base.stride + j);
}
template <class V>
typename V::Floats values_of(HalfBase base, std::size_t i, std::size_t j) noexcept {
  return base.bias != nullptr ? V::Whole::load(base.bias + j)
                              : V::Whole::load(base.values + i * base.stride + j);
}

/// y = x.
template <class V, class From, class To>
void copy(const From* x, std::size_t n, To* y) noexcept {
  for_vectors<V>(0, n, [&](std::size_t i, auto lanes) { lanes.store(y + i, lanes.load(x + i)); });
}

/// Kernels::add_normalize, or that of halves, for R rows.
template <class V, std::size_t R, class T>
void add_normalize_rows(T* x, std::size_t x_stride, const T* y, std::size_t y_stride, Norm norm,
                        std::size_t n) noexcept {
  using Floats = typename V::Floats;
  const Floats count = V::all(static_cast<float>(n));
  Floats sums[kRowsTogether] = {}, squares[kRowsTogether] = {}, mean[R], scale[R];
  for_vectors<V>(0, n, [&](std::size_t i, auto lanes) {
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      const Floats sum = V::add(lanes.load(x + r * x_stride + i), lanes.load(y + r * y_stride + i));
      lanes.store(x + r * x_stride + i, sum);
      // Of what is stored, which of halves is another.
      sums[r] = V::add(sums[r], sizeof(T) == 4 ? sum : lanes.load(x + r * x_stride + i));
    }
  });
  const Floats means = V::divide(V::folded(sums, V::add), count);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < R; ++r) mean[r] = V::of_row(means, r);
  for_vectors<V>(0, n, [&](std::size_t i, auto lanes) {
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      const Floats centred = lanes.only(V::subtract(lanes.load(x + r * x_stride + i), mean[r]));
      squares[r] = V::multiply_add(centred, centred, squares[r]);
    }
  });
  const Floats variances = V::divide(V::folded(squares, V::add), count);
  const Floats scales = V::divide(V::all(1), V::root(V::add(variances, V::all(norm.epsilon))));
#pragma GCC unroll 4
  for (std::size_t r = 0; r < R; ++r) scale[r] = V::of_row(scales, r);
  for_vectors<V>(0, n, [&](std::size_t i, auto lanes) {
    const Floats gain = lanes.load(norm.gain + i), shift = lanes.load(norm.shift + i);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      const Floats centred = V::subtract(lanes.load(x + r * x_stride + i), mean[r]);
      const Floats scaled = V::multiply(centred, scale[r]);
      lanes.store(x + r * x_stride + i, V::multiply_add(scaled, gain, shift));
    }
  });
}

template <class V, class T>
void add_normalize(T* x, std::size_t x_stride, const T* y, std::size_t y_stride, std::size_t m,
                   Norm norm, std::size_t n) noexcept {
  for_rows(m, [&](std::size_t i, auto rows) {
    add_normalize_rows<V, rows.value>(x + i * x_stride, x_stride, y + i * y_stride, y_stride, norm,
                                      n);
  });
}

}  // namespace
}  // namespace enlace
