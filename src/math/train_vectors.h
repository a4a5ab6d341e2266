// As many values at once as a vector of the instruction set has, and the functions of them that
// training takes. Local to train_loops.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "math/polynomials.h"
#include "math/train_kernels.h"

namespace enlace {
namespace {

#define ENLACE_INLINE inline __attribute__((always_inline))

// What is wider is lowered by way of memory, which made attention take ten times as long.
#if defined __AVX512F__
constexpr std::size_t kWide = 16;
#elif defined __AVX2__
constexpr std::size_t kWide = 8;
#else
constexpr std::size_t kWide = 4;
#endif
typedef float Floats __attribute__((vector_size(4 * kWide)));
typedef std::uint32_t Words __attribute__((vector_size(4 * kWide)));
typedef std::int32_t Ints __attribute__((vector_size(4 * kWide)));
typedef std::uint16_t Shorts __attribute__((vector_size(2 * kWide)));

/// Vectors in the sixteen values that rows are padded to.
constexpr std::size_t kPadded = 16, kVectors = kPadded / kWide;

template <std::size_t... I>
constexpr Words lanes_of(std::index_sequence<I...>) noexcept {
  return Words{I...};
}
constexpr Words kLane = lanes_of(std::make_index_sequence<kWide>());

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

/// The lanes from `first` on, and then the lanes before.
template <std::size_t first, std::size_t... I>
ENLACE_INLINE Floats turned(Floats x, std::index_sequence<I...>) noexcept {
  return __builtin_shufflevector(x, x, int((I + first) % kWide)...);
}
template <std::size_t half = kWide / 2>
ENLACE_INLINE float sum_of(Floats x) noexcept {
  if constexpr (half == 0) {
    return x[0];
  } else {
    return sum_of<half / 2>(x + turned<half>(x, std::make_index_sequence<kWide>()));
  }
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

/// The hash of a dropout's key and a place, for the places from i on (lowbias32, Wellons 2018).
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

/// Fewer values than a vector has, at the end of a row, with zeros behind: they go through copies,
/// so that the loops below have no second form.
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

}  // namespace
}  // namespace enlace
