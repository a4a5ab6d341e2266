// The loops of math/train_kernels.h, on vectors of sixteen values that the compiler lowers to what
// the instruction set of the file has. Only for the files that are compiled for one; each defines
// a table with `kTrainTables`.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/polynomials.h"
#include "math/train_kernels.h"

namespace enlace {
namespace {

#define ENLACE_INLINE inline __attribute__((always_inline))

constexpr std::size_t kWide = 16;
typedef float Floats __attribute__((vector_size(64)));
typedef std::uint32_t Words __attribute__((vector_size(64)));
typedef std::int32_t Ints __attribute__((vector_size(64)));
typedef std::uint16_t Shorts __attribute__((vector_size(32)));

constexpr Words kLane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

ENLACE_INLINE Floats all(float x) noexcept {
  return Floats{} + x;
}

template <class V, class P>
ENLACE_INLINE V load_bits(const P* from) noexcept {
  V v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

/// The same bits as another vector.
template <class V, class W>
ENLACE_INLINE V as(W x) noexcept {
  return __builtin_bit_cast(V, x);
}

ENLACE_INLINE Floats load(const float* from) noexcept {
  return load_bits<Floats>(from);
}
ENLACE_INLINE Floats load(const Bf16* from) noexcept {
  return as<Floats>(__builtin_convertvector(load_bits<Shorts>(from), Words) << 16);
}

ENLACE_INLINE void store(float* to, Floats x) noexcept {
  __builtin_memcpy(to, &x, sizeof x);
}
/// To the nearest, to even among two; NaN is not kept, it may become infinite.
ENLACE_INLINE void store(Bf16* to, Floats x) noexcept {
  const Words bits = as<Words>(x);
  const Shorts halves = __builtin_convertvector((bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16, Shorts);
  __builtin_memcpy(to, &halves, sizeof halves);
}

ENLACE_INLINE float sum_of(Floats x) noexcept {
  float lanes[kWide];
  store(lanes, x);
  for (std::size_t half = kWide / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

ENLACE_INLINE Floats either(Ints mask, Floats yes, Floats no) noexcept {
  return as<Floats>((as<Ints>(yes) & mask) | (as<Ints>(no) & ~mask));
}

/// exp(x) for x <= 0, by the first terms of its series after the last whole power of 2.
template <int kTerms = 6>
ENLACE_INLINE Floats exponential(Floats x) noexcept {
  using namespace polynomials;
  x = either(x < kExpLeast, all(kExpLeast), x);
  constexpr float kRounding = 12582912.0F;  // 1.5 x 2^23: what is added loses its fraction
  const Floats shifted = x * kInverseLn2 + kRounding;
  const Floats n = shifted - kRounding;
  Floats r = x - n * kLn2High;
  r = r - n * kLn2Low;
  Floats sum = all(kExp[kTerms]);
#pragma GCC unroll 6
  for (int i = kTerms - 1; i >= 0; --i) sum = sum * r + kExp[i];
  const Words power = as<Words>(__builtin_convertvector(n, Ints) + 127) << 23;
  return sum * as<Floats>(power);
}

/// The normal distribution up to x: (1 + erf(x / sqrt 2)) / 2, as well as T can tell.
template <class T>
ENLACE_INLINE Floats normal_below(Floats x) noexcept {
  using namespace polynomials;
  if constexpr (sizeof(T) == 2) {
    const Floats at = x * x * (2 / (kNormalEnd * kNormalEnd)) - 1.0F;
    Floats part = all(kNormal[8]);
#pragma GCC unroll 8
    for (int i = 7; i >= 0; --i) part = part * at + kNormal[i];
    const Floats below = either(x >= kNormalEnd, all(1), part * x + 0.5F);
    return either(x <= -kNormalEnd, Floats{}, below);
  }
  const Floats scaled = x * 0.707106781F;
  const Floats w = scaled * scaled * (2 / (kErfEnd * kErfEnd)) - 1.0F;
  Floats sum = all(kErf[14]);
#pragma GCC unroll 14
  for (int i = 13; i >= 0; --i) sum = sum * w + kErf[i];
  Floats erf = sum * scaled;
  erf = either(scaled <= -kErfEnd, all(-1), erf);
  erf = either(scaled >= kErfEnd, all(1), erf);
  return erf * 0.5F + 0.5F;
}

/// The hash of a dropout's key and a place, for sixteen places from i on (lowbias32, Wellons 2018).
ENLACE_INLINE Words hashed(std::uint32_t key, std::size_t i) noexcept {
  Words x = (kLane + static_cast<std::uint32_t>(i)) * 0x9E3779B9U ^ key;
  x = (x ^ x >> 16) * 0x7FEB352DU;
  x = (x ^ x >> 15) * 0x846CA68BU;
  return x ^ x >> 16;
}

ENLACE_INLINE Floats dropped(Floats x, const Dropout& dropout, std::size_t i) noexcept {
  const Ints kept = hashed(dropout.key, i) >= dropout.threshold;
  return as<Floats>(as<Ints>(x * dropout.scale) & kept);
}

/// Fewer than sixteen values at the end of a row, with zeros behind: they go through copies, so
/// that the loops below have no second form.
template <class T>
struct Tail {
  T values[kWide] = {};
  ENLACE_INLINE Tail(const T* from, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) values[i] = from[i];
  }
  ENLACE_INLINE Floats get() const noexcept { return load(values); }
};

template <class T>
ENLACE_INLINE Floats load_some(const T* from, std::size_t count) noexcept {
  return count >= kWide ? load(from) : Tail<T>(from, count).get();
}
template <class T>
ENLACE_INLINE void store_some(T* to, std::size_t count, Floats x) noexcept {
  if (count >= kWide) {
    store(to, x);
    return;
  }
  T values[kWide];
  store(values, x);
  for (std::size_t i = 0; i < count; ++i) to[i] = values[i];
}

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
/// A block of 16 x 16 words, transposed. The vectors are halves of others, again and again.
ENLACE_INLINE void turn_words(const char* from, std::size_t stride, char* to,
                              std::size_t to_stride) noexcept {
  Words rows[kWide];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < kWide; ++i) rows[i] = load_bits<Words>(from + i * stride);
#pragma GCC unroll 4
  for (std::size_t round = 0; round < 4; ++round) {
    Words next[kWide];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kWide / 2; ++i) {
      next[2 * i] = __builtin_shufflevector(rows[i], rows[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20,
                                            5, 21, 6, 22, 7, 23);
      next[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + 8], 8, 24, 9, 25, 10, 26, 11, 27,
                                                12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kWide; ++i) rows[i] = next[i];
  }
#pragma GCC unroll 16
  for (std::size_t i = 0; i < kWide; ++i) __builtin_memcpy(to + i * to_stride, &rows[i], 64);
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

/// out (rows, padded) = a (rows, width) t (width, padded), four rows at a time.
template <std::size_t R>
ENLACE_INLINE void times_turned_rows(const float* a, const float* t, std::size_t width,
                                     std::size_t padded, float* out) noexcept {
  for (std::size_t j = 0; j < padded; j += kWide) {
    Floats sums[R] = {};
    for (std::size_t d = 0; d < width; ++d) {
      const Floats column = load(t + d * padded + j);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < R; ++r) sums[r] += a[r * width + d] * column;
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) store(out + r * padded + j, sums[r]);
  }
}
ENLACE_INLINE void times_turned(const float* a, const float* t, std::size_t rows, std::size_t width,
                                std::size_t padded, float* out) noexcept {
  std::size_t i = 0;
  for (; i + 4 <= rows; i += 4) {
    times_turned_rows<4>(a + i * width, t, width, padded, out + i * padded);
  }
  for (; i < rows; ++i) times_turned_rows<1>(a + i * width, t, width, padded, out + i * padded);
}

/// to_i (width) = sum over j < count of weight_ij row_j, for i < rows; weight_ij is at
/// weights[i * step_i + j * step_j].
template <class T>
ENLACE_INLINE void mix_rows(const float* weights, std::size_t step_i, std::size_t step_j,
                            const float* rows, std::size_t count, std::size_t width, std::size_t n,
                            T* to, std::size_t to_stride) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t d = 0; d < width; d += 2 * kWide) {
      const bool two = d + kWide < width;
      Floats low{}, high{};
      for (std::size_t j = 0; j < count; ++j) {
        const float w = weights[i * step_i + j * step_j];
        low += w * load(rows + j * width + d);
        if (two) high += w * load(rows + j * width + d + kWide);
      }
      store(to + i * to_stride + d, low);
      if (two) store(to + i * to_stride + d + kWide, high);
    }
  }
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
  return (tokens + kWide - 1) / kWide * kWide;
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
  mix_rows(s.shares, padded, 1, s.values, L, head.width, L, context, context_stride);
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
  mix_rows(s.slopes, padded, 1, s.keys, L, W, L, to.queries, to.stride);
  mix_rows(s.slopes, 1, padded, s.queries, L, W, L, to.keys, to.stride);
  drop_shares(head.dropout, L, padded, s.shares);
  mix_rows(s.shares, 1, padded, s.out, L, W, L, to.values, to.stride);
}

void pack_depth(const float* x, std::size_t stride, std::size_t rows, std::size_t cols,
                float* panels, std::size_t panel_stride) noexcept {
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t c = 0; c < cols; c += kWide) {
      store(panels + c / kPanelWidth * panel_stride + row * kPanelWidth + c % kPanelWidth,
            load(x + row * stride + c));
    }
  }
}
void pack_depth(const Bf16* x, std::size_t stride, std::size_t rows, std::size_t cols, Bf16* panels,
                std::size_t panel_stride) noexcept {
  for (std::size_t row = 0; row < rows; row += 2) {
    for (std::size_t c = 0; c < cols; c += kWide) {
      const Words even = __builtin_convertvector(load_bits<Shorts>(x + row * stride + c), Words);
      const Words odd =
          __builtin_convertvector(load_bits<Shorts>(x + (row + 1) * stride + c), Words);
      const Words pair = even | odd << 16;
      __builtin_memcpy(
          panels + c / kPanelWidth * panel_stride + row * kPanelWidth + c % kPanelWidth * 2, &pair,
          sizeof pair);
    }
  }
}

template <class T>
void pack_columns(const T* x, std::size_t stride, std::size_t rows, std::size_t cols,
                  T* panels) noexcept {
  constexpr std::size_t kInWord = 4 / sizeof(T);
  for (std::size_t row = 0; row < rows; row += kWide) {
    T* panel = panels + row / kPanelWidth * kPanelWidth * cols + row % kPanelWidth * kInWord;
    for (std::size_t c = 0; c < cols; c += kWide * kInWord) {
      turn_words(reinterpret_cast<const char*>(x + row * stride + c), stride * sizeof(T),
                 reinterpret_cast<char*>(panel + c * kPanelWidth), kPanelWidth * 4);
    }
  }
}

void transpose(const float* x, std::size_t stride, std::size_t rows, std::size_t cols, float* y,
               std::size_t y_stride) noexcept {
  for (std::size_t row = 0; row < rows; row += kWide) {
    for (std::size_t c = 0; c < cols; c += kWide) {
      turn_words(reinterpret_cast<const char*>(x + row * stride + c), stride * sizeof *x,
                 reinterpret_cast<char*>(y + c * y_stride + row), y_stride * sizeof *y);
    }
  }
}
void transpose(const Bf16* x, std::size_t stride, std::size_t rows, std::size_t cols, Bf16* y,
               std::size_t y_stride) noexcept {
  alignas(64) Bf16 pairs[2 * kWide * kWide];  // of two rows each: sixteen rows of sixteen words
  for (std::size_t row = 0; row < rows; row += 2 * kWide) {
    for (std::size_t c = 0; c < cols; c += kWide) {
      for (std::size_t i = 0; i < kWide; ++i) {
        const Bf16* from = x + (row + 2 * i) * stride + c;
        const Words even = __builtin_convertvector(load_bits<Shorts>(from), Words);
        const Words odd = __builtin_convertvector(load_bits<Shorts>(from + stride), Words);
        const Words pair = even | odd << 16;
        __builtin_memcpy(pairs + i * 2 * kWide, &pair, sizeof pair);
      }
      turn_words(reinterpret_cast<const char*>(pairs), 64,
                 reinterpret_cast<char*>(y + c * y_stride + row), y_stride * sizeof *y);
    }
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

template <class T>
constexpr TrainKernels<T> table_named(const char* name) noexcept {
  return {name,
          round<T>,
          gelu<T>,
          gelu_gradient<T>,
          add_normalize<T>,
          normalize_gradient<T>,
          add_to_sums<T>,
          drop,
          attend<T>,
          attend_gradient<T>,
          pack_depth,
          pack_columns<T>,
          transpose,
          adam,
          square_sum};
}

#undef ENLACE_INLINE

}  // namespace
}  // namespace enlace
