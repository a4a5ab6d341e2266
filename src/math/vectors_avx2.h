// Vectors of eight floats, whole and at the end of a row: only for files compiled for AVX2.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstring>

#include "math/kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kLanes = 8;

/// The lanes of a vector at i < n that are inside n values.
inline __m256i lanes_at(std::size_t i, std::size_t n) noexcept {
  const int left = static_cast<int>(n - i < kLanes ? n - i : kLanes);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(left), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

inline __m128i nearest_halves(__m256 x) noexcept {
  return _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

/// Eight values, and those of eight that a row still has; the others are 0. Whole vectors apart:
/// copying as many bytes as a variable says is ten times slower, and what is stored by a mask is
/// late to be loaded.
struct EightLanes {
  static __m256 load(const float* from) noexcept { return _mm256_loadu_ps(from); }
  static __m256 load(const Half* from) noexcept {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  static __m256 only(__m256 x) noexcept { return x; }
  static void store(float* to, __m256 x) noexcept { _mm256_storeu_ps(to, x); }
  static void store(Half* to, __m256 x) noexcept { store_halves(to, nearest_halves(x)); }
  static void store_halves(std::uint16_t* to, __m128i x) noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), x);
  }
  static void store_bytes(std::uint8_t* to, __m128i x) noexcept {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), x);
  }
};
struct FewerLanes {
  __m256i in;
  std::size_t count;

  FewerLanes(std::size_t i, std::size_t n) noexcept : in(lanes_at(i, n)), count(n - i) {}

  __m256 load(const float* from) const noexcept { return _mm256_maskload_ps(from, in); }
  __m256 load(const Half* from) const noexcept {
    __m128i halves = _mm_setzero_si128();
    std::memcpy(&halves, from, count * sizeof *from);
    return _mm256_cvtph_ps(halves);
  }
  __m256 only(__m256 x) const noexcept { return _mm256_and_ps(x, _mm256_castsi256_ps(in)); }
  void store(float* to, __m256 x) const noexcept { _mm256_maskstore_ps(to, in, x); }
  void store(Half* to, __m256 x) const noexcept { store_halves(to, nearest_halves(x)); }
  void store_halves(std::uint16_t* to, __m128i x) const noexcept {
    std::memcpy(to, &x, count * sizeof *to);
  }
  void store_bytes(std::uint8_t* to, __m128i x) const noexcept { std::memcpy(to, &x, count); }
};

inline __m256 sum_of(__m256 a, __m256 b) noexcept {
  return _mm256_add_ps(a, b);
}
inline __m256 greatest_of(__m256 a, __m256 b) noexcept {
  return _mm256_max_ps(a, b);
}

/// What `of` makes of all lanes, in every lane.
template <class Of>
__m256 in_all_lanes(__m256 x, const Of& of) noexcept {
  x = of(x, _mm256_permute2f128_ps(x, x, 0x01));
  x = of(x, _mm256_permute_ps(x, 0x4E));
  return of(x, _mm256_permute_ps(x, 0xB1));
}

/// What `of` makes of all lanes of row r, in lane r of both halves.
template <class Of>
__m256 in_lanes(const __m256 (&rows)[4], const Of& of) noexcept {
  const auto pairs = [&](__m256 a, __m256 b) {
    return of(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
  };
  const __m256 first = pairs(rows[0], rows[1]), second = pairs(rows[2], rows[3]);
  const __m256 fours =
      of(_mm256_shuffle_ps(first, second, 0x44), _mm256_shuffle_ps(first, second, 0xEE));
  return of(fours, _mm256_permute2f128_ps(fours, fours, 0x01));
}

/// Lane r of both halves in all lanes.
inline __m256 lane(__m256 x, std::size_t r) noexcept {
  switch (r) {
    case 0: return _mm256_permute_ps(x, 0x00);
    case 1: return _mm256_permute_ps(x, 0x55);
    case 2: return _mm256_permute_ps(x, 0xAA);
    default: return _mm256_permute_ps(x, 0xFF);
  }
}

/// For the loops that instruction sets share (math/rows_together.h).
struct EightFloats {
  using Floats = __m256;
  using Whole = EightLanes;
  using Part = FewerLanes;
  static constexpr std::size_t kCount = kLanes;

  static Floats all(float x) noexcept { return _mm256_set1_ps(x); }
  static Floats add(Floats a, Floats b) noexcept { return _mm256_add_ps(a, b); }
  static Floats subtract(Floats a, Floats b) noexcept { return _mm256_sub_ps(a, b); }
  static Floats multiply(Floats a, Floats b) noexcept { return _mm256_mul_ps(a, b); }
  static Floats divide(Floats a, Floats b) noexcept { return _mm256_div_ps(a, b); }
  static Floats multiply_add(Floats a, Floats b, Floats c) noexcept {
    return _mm256_fmadd_ps(a, b, c);
  }
  static Floats root(Floats x) noexcept { return _mm256_sqrt_ps(x); }
  static Floats lesser(Floats a, Floats b) noexcept { return _mm256_min_ps(a, b); }
  static Floats greater(Floats a, Floats b) noexcept { return _mm256_max_ps(a, b); }
  /// What `of` makes of each row, where of_row finds it.
  template <std::size_t R, class Of>
  static Floats folded(const Floats (&rows)[R], const Of& of) noexcept {
    return in_lanes(rows, of);
  }
  static Floats of_row(Floats x, std::size_t r) noexcept { return lane(x, r); }
};

}  // namespace
}  // namespace enlace
