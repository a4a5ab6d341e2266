// Attention in training, a head of a sequence at a time, both directions. Local to train_loops.h.
#pragma once

#include "math/row_counts.h"
#include "math/train_packing_loops.h"
#include "math/train_row_loops.h"

namespace enlace {
namespace {

/// Rows of `from` as floats (rows, width), and transposed (width, padded).
template <class T>
ENLACE_INLINE void widen_rows(const T* from, std::size_t stride, std::size_t rows,
                              std::size_t width, float* to) noexcept {
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t d = 0; d < width; d += kWide) {
      store(to + i * width + d, load(from + i * stride + d));
    }
  }
}

/// `from` (rows, width) as `to` (width, padded), zeros in the columns that `from` does not have.
/// Both begin at multiples of 64 bytes; width is one of 16 values.
ENLACE_INLINE void turn_rows(const float* from, std::size_t rows, std::size_t width,
                             std::size_t padded, float* to) noexcept {
  for (std::size_t row = 0; row < padded; row += kWide) {
    float some[kWide * kWide];
    for (std::size_t d = 0; d < width; d += kWide) {
      for (std::size_t i = 0; i < kWide; ++i) {
        store(some + i * kWide, row + i < rows ? load(from + (row + i) * width + d) : Floats{});
      }
      turn_words(reinterpret_cast<const char*>(some), kWide * sizeof *some,
                 reinterpret_cast<char*>(to + d * padded + row), padded * sizeof *to);
    }
  }
}

/// out (R, padded) = a (R, width) t (width, padded).
template <std::size_t R>
ENLACE_INLINE void times_turned_rows(const float* a, const float* t, std::size_t width,
                                     std::size_t padded, float* out) noexcept {
  for (std::size_t j = 0; j < padded; j += kPadded) {
    Floats sums[R][kVectors] = {};
    for (std::size_t d = 0; d < width; ++d) {
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v) {
        const Floats column = load(t + d * padded + j + v * kWide);
#pragma GCC unroll 4
        for (std::size_t r = 0; r < R; ++r) sums[r][v] += a[r * width + d] * column;
      }
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v) {
        store(out + r * padded + j + v * kWide, sums[r][v]);
      }
    }
  }
}
ENLACE_INLINE void times_turned(const float* a, const float* t, std::size_t rows, std::size_t width,
                                std::size_t padded, float* out) noexcept {
  for_rows(rows, [&](std::size_t i, auto count) {
    times_turned_rows<count.value>(a + i * width, t, width, padded, out + i * padded);
  });
}

/// to_i (width) = sum over j < count of weight_ij row_j; weight_ij is at
/// weights[i * step_i + j * step_j].
struct Mixture {
  const float* weights;
  std::size_t step_i, step_j;
  const float* rows;  // (count, width)
  std::size_t count, width;
};
/// For R rows from i on, and the sixteen columns from d on.
template <std::size_t R, class T>
ENLACE_INLINE void mix_some(const Mixture& all, std::size_t i, std::size_t d, T* to,
                            std::size_t to_stride) noexcept {
  Floats sums[R][kVectors] = {};
  for (std::size_t j = 0; j < all.count; ++j) {
    const float* weight = all.weights + i * all.step_i + j * all.step_j;
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) {
      const Floats row = load(all.rows + j * all.width + d + v * kWide);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < R; ++r) sums[r][v] += weight[r * all.step_i] * row;
    }
  }
#pragma GCC unroll 4
  for (std::size_t r = 0; r < R; ++r) {
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) {
      store(to + (i + r) * to_stride + d + v * kWide, sums[r][v]);
    }
  }
}
/// For n rows.
template <class T>
ENLACE_INLINE void mix_rows(const Mixture& all, std::size_t n, T* to,
                            std::size_t to_stride) noexcept {
  for_rows(n, [&](std::size_t i, auto count) {
    for (std::size_t d = 0; d < all.width; d += kPadded) {
      mix_some<count.value>(all, i, d, to, to_stride);
    }
  });
}

/// Turns a row of scores, `padded` of them, of which `count` are there, into shares.
ENLACE_INLINE void softmax_row(float* row, std::size_t count, std::size_t padded,
                               float scale) noexcept {
  float top = row[0];
  for (std::size_t j = 1; j < count; ++j) top = row[j] > top ? row[j] : top;
  Floats sums{};
  for (std::size_t j = 0; j < padded; j += kWide) {
    const Ints there =
        as<Ints>(kLane + static_cast<std::uint32_t>(j) < static_cast<std::uint32_t>(count));
    const Floats x = either(there, (load(row + j) - top) * scale, Floats{});
    const Floats e = as<Floats>(as<Ints>(exponential(x)) & there);
    store(row + j, e);
    sums += e;
  }
  const float share = 1 / sum_of(sums);
  for (std::size_t j = 0; j < padded; j += kWide) store(row + j, load(row + j) * share);
}

/// The pieces of a head's scratch.
struct Scratch {
  float *keys_turned, *values_turned;    // (width, padded)
  float *queries, *keys, *values, *out;  // (tokens, width)
  float *shares, *slopes;                // (tokens, padded)
};
ENLACE_INLINE Scratch cut(float* at, std::size_t tokens, std::size_t padded,
                          std::size_t width) noexcept {
  const std::size_t turned = padded * width, rows = tokens * width;
  float* next = at + 2 * turned;
  float* shares = next + 4 * rows;
  return {at,
          at + turned,
          next,
          next + rows,
          next + 2 * rows,
          next + 3 * rows,
          shares,
          shares + tokens * padded};
}

constexpr std::size_t padded_tokens(std::size_t tokens) noexcept {
  return (tokens + kPadded - 1) / kPadded * kPadded;
}

/// Shares before dropout, from rows that are widened here.
template <class T>
ENLACE_INLINE void find_shares(const TrainedHead<T>& head, const Scratch& s,
                               std::size_t padded) noexcept {
  widen_rows(head.queries, head.stride, head.tokens, head.width, s.queries);
  widen_rows(head.keys, head.stride, head.tokens, head.width, s.keys);
  widen_rows(head.values, head.stride, head.tokens, head.width, s.values);
  turn_rows(s.keys, head.tokens, head.width, padded, s.keys_turned);
  times_turned(s.queries, s.keys_turned, head.tokens, head.width, padded, s.shares);
  for (std::size_t i = 0; i < head.tokens; ++i) {
    softmax_row(s.shares + i * padded, head.tokens, padded, head.scale);
  }
}

ENLACE_INLINE Dropout row_of(Dropout dropout, std::size_t i) noexcept {
  dropout.key += static_cast<std::uint32_t>(i);
  return dropout;
}

ENLACE_INLINE void drop_shares(const Dropout& dropout, std::size_t tokens, std::size_t padded,
                               float* shares) noexcept {
  if (dropout.threshold == 0) return;
  for (std::size_t i = 0; i < tokens; ++i) drop(shares + i * padded, padded, row_of(dropout, i));
}

template <class T>
void attend(const TrainedHead<T>& head, T* context, std::size_t context_stride) noexcept {
  const std::size_t L = head.tokens, padded = padded_tokens(L);
  const Scratch s = cut(head.scratch, L, padded, head.width);
  find_shares(head, s, padded);
  drop_shares(head.dropout, L, padded, s.shares);
  mix_rows({s.shares, padded, 1, s.values, L, head.width}, L, context, context_stride);
}

template <class T>
void attend_gradient(const TrainedHead<T>& head, const float* context_gradient,
                     std::size_t context_stride, const HeadGradients<T>& to) noexcept {
  const std::size_t L = head.tokens, W = head.width, padded = padded_tokens(L);
  const Scratch s = cut(head.scratch, L, padded, W);
  find_shares(head, s, padded);
  widen_rows(context_gradient, context_stride, L, W, s.out);
  turn_rows(s.values, L, W, padded, s.values_turned);
  times_turned(s.out, s.values_turned, L, W, padded, s.slopes);  // at the dropped shares
  drop_shares(head.dropout, L, padded, s.slopes);                // at the shares
  for (std::size_t i = 0; i < L; ++i) {
    const float* shares = s.shares + i * padded;
    float* slopes = s.slopes + i * padded;
    Floats sums{};
    for (std::size_t j = 0; j < padded; j += kWide) sums += load(shares + j) * load(slopes + j);
    const float mean = sum_of(sums);
    for (std::size_t j = 0; j < padded; j += kWide) {
      store(slopes + j, load(shares + j) * (load(slopes + j) - mean) * head.scale);
    }
  }
  mix_rows({s.slopes, padded, 1, s.keys, L, W}, L, to.queries, to.stride);
  mix_rows({s.slopes, 1, padded, s.queries, L, W}, L, to.keys, to.stride);
  drop_shares(head.dropout, L, padded, s.shares);
  mix_rows({s.shares, 1, padded, s.out, L, W}, L, to.values, to.stride);
}

}  // namespace
}  // namespace enlace
