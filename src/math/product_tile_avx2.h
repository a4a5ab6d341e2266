// The loop that all products of eight columns at a time share: only for files compiled for AVX2.
#pragma once

#include <immintrin.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "math/products.h"
#include "math/tile_heights.h"

namespace enlace {
namespace {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kVectors = 2;  // of a panel at a time
constexpr std::size_t kTileWidth = kVectors * kLanes;
constexpr std::size_t kFewRows = 24;

/// The words of eight columns, and one word of `a` times them; or kWords words that follow each
/// other.
struct EightTimesF32 {
  static constexpr std::size_t kWords = 1;
  static constexpr std::size_t kRows = 6;  // of a tile: with 2 vectors each they fill 12 registers
  using Sums = __m256;
  using Sum = float;
  using Columns = __m256;
  static Sums zero() noexcept { return _mm256_setzero_ps(); }
  static Columns load(const std::int32_t* columns) noexcept {
    return _mm256_load_ps(reinterpret_cast<const float*>(columns));
  }
  static Sums add(Sums sums, const char* word, Columns columns) noexcept {
    return _mm256_fmadd_ps(_mm256_broadcast_ss(reinterpret_cast<const float*>(word)), columns,
                           sums);
  }
  static void store(Sum* c, Sums sums) noexcept { _mm256_storeu_ps(c, sums); }
};

__m256i broadcast(const char* word) noexcept {
  int value;
  std::memcpy(&value, word, sizeof value);
  return _mm256_set1_epi32(value);
}

/// Two products of bf16 by way of f32, whose upper half a bf16 is.
struct EightTimesBf16 : EightTimesF32 {
  static constexpr std::size_t kRows = 4;
  struct Columns {
    __m256 low, high;
  };
  static Columns split(__m256i words) noexcept {
    const __m256i upper = _mm256_set1_epi32(static_cast<int>(0xFFFF0000U));
    return {_mm256_castsi256_ps(_mm256_slli_epi32(words, 16)),
            _mm256_castsi256_ps(_mm256_and_si256(words, upper))};
  }
  static Columns load(const std::int32_t* columns) noexcept {
    return split(_mm256_load_si256(reinterpret_cast<const __m256i*>(columns)));
  }
  static Sums add(Sums sums, const char* word, Columns columns) noexcept {
    const Columns words = split(broadcast(word));
    sums = _mm256_fmadd_ps(words.low, columns.low, sums);
    return _mm256_fmadd_ps(words.high, columns.high, sums);
  }
};

/// What products of bytes add up to.
struct EightSumsOfBytes {
  static constexpr std::size_t kWords = 1;
  using Sums = __m256i;
  using Sum = std::int32_t;
  static Sums zero() noexcept { return _mm256_setzero_si256(); }
  static void store(Sum* c, Sums sums) noexcept {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(c), sums);
  }
};

/// What a tile of few rows asks the memory for while it multiplies: `step` bytes for every word of
/// depth. Many rows wait for it once in many tiles, and for the asking in all of them.
struct Ahead {
  const char* first;
  std::size_t step;
};

/// R rows of a times 16 columns of a panel of `words` rows, kept in registers. `a` is in bytes.
template <class Times, std::size_t R, bool kAsks>
void tile(const char* a, std::size_t a_stride, const std::int32_t* panel, std::size_t words,
          typename Times::Sum* c, std::size_t c_stride, Ahead ahead) noexcept {
  typename Times::Sums sums[R][kVectors];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < R; ++i) sums[i][0] = sums[i][1] = Times::zero();
    // Four steps at a time: what counts them would else take the place of a product now and then.
#pragma GCC unroll 4
  for (std::size_t l = 0; l < words; l += Times::kWords) {
    const auto low = Times::load(panel + l * kPanelWidth);
    const auto high = Times::load(panel + l * kPanelWidth + kLanes);
    if constexpr (kAsks) _mm_prefetch(ahead.first + l * ahead.step, _MM_HINT_T0);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < R; ++i) {
      sums[i][0] = Times::add(sums[i][0], a + i * a_stride + l * 4, low);
      sums[i][1] = Times::add(sums[i][1], a + i * a_stride + l * 4, high);
    }
  }
#pragma GCC unroll 8
  for (std::size_t i = 0; i < R; ++i) {
    Times::store(c + i * c_stride, sums[i][0]);
    Times::store(c + i * c_stride + kLanes, sums[i][1]);
  }
}

/// The tile of `rows` rows, 1 <= rows <= R.
template <class Times, bool kAsks, std::size_t R = Times::kRows>
void tile_of(std::size_t rows, const char* a, std::size_t a_stride, const std::int32_t* panel,
             std::size_t words, typename Times::Sum* c, std::size_t c_stride,
             Ahead ahead) noexcept {
  if constexpr (R > 1) {
    if (rows < R)
      return tile_of<Times, kAsks, R - 1>(rows, a, a_stride, panel, words, c, c_stride, ahead);
  }
  tile<Times, R, kAsks>(a, a_stride, panel, words, c, c_stride, ahead);
}

/// A function of math/products.h: m rows in tiles of nearly equal height, all of them by one half
/// of the panel, which stays in the first-level cache, before the other. Of few rows every tile
/// asks for a part of the next panel meanwhile.
template <class Times, class A, class B>
void multiply(const A* a, std::size_t a_stride, std::size_t m, const B* panel, std::size_t k,
              typename Times::Sum* c, std::size_t c_stride) noexcept {
  const auto* columns = reinterpret_cast<const std::int32_t*>(panel);
  const std::size_t words = k * sizeof(A) / 4;
  const std::size_t tiles = (m + Times::kRows - 1) / Times::kRows * (kPanelWidth / kTileWidth);
  const std::size_t part = words * kPanelWidth * 4 / std::max<std::size_t>(tiles, 1);
  Ahead ahead{reinterpret_cast<const char*>(columns + words * kPanelWidth),
              part / std::max<std::size_t>(words, 1)};
  const auto multiply_tiles = [&](auto asks) {
    for (std::size_t j = 0; j < kPanelWidth; j += kTileWidth) {
      for_each_tile(m, Times::kRows, [&](std::size_t i, std::size_t rows) {
        tile_of<Times, asks.value>(rows, reinterpret_cast<const char*>(a + i * a_stride),
                                   a_stride * sizeof(A), columns + j, words, c + i * c_stride + j,
                                   c_stride, ahead);
        ahead.first += part;
      });
    }
  };
  if (m <= kFewRows) {
    multiply_tiles(std::true_type{});
  } else {
    multiply_tiles(std::false_type{});
  }
}

void nothing() noexcept {}

}  // namespace
}  // namespace enlace
