// The loop that all products of the AVX-512 tiers share: only for files compiled for them.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "math/products.h"
#include "math/tile_heights.h"

namespace enlace {
namespace {

/// Sixteen sums. A vector type of the compiler, not __m512i: g++ 12 keeps arrays of the latter in
/// memory.
typedef float Floats16 __attribute__((vector_size(64)));
typedef int Ints16 __attribute__((vector_size(64)));

/// One word of `a` times the words of sixteen columns, added to their sums.
struct TimesF32 {
  using Sums = Floats16;
  using Sum = float;
  static Sums add(Sums sums, std::int32_t word, __m512i columns) noexcept {
    const __m512i words = _mm512_set1_epi32(word);
    return _mm512_fmadd_ps(_mm512_castsi512_ps(words), _mm512_castsi512_ps(columns), sums);
  }
};

struct TimesInt8 {
  using Sums = Ints16;
  using Sum = std::int32_t;
  static Sums add(Sums sums, std::int32_t word, __m512i columns) noexcept {
    return reinterpret_cast<Sums>(
        _mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums), _mm512_set1_epi32(word), columns));
  }
};

constexpr std::size_t kLanes = 16;
constexpr std::size_t kRows = 12;  // 12 rows x 2 vectors fill 24 of 32 registers

/// R rows of a times a whole panel of `words` rows, kept in registers. `a` is in bytes.
template <class Times, std::size_t R>
void tile(const char* a, std::size_t a_stride, const std::int32_t* panel, std::size_t words,
          typename Times::Sum* c, std::size_t c_stride) noexcept {
  typename Times::Sums sums[R][2];
#pragma GCC unroll 12
  for (std::size_t i = 0; i < R; ++i) sums[i][0] = sums[i][1] = typename Times::Sums{};
  for (std::size_t l = 0; l < words; ++l) {
    const __m512i low = _mm512_load_si512(panel + l * kPanelWidth);
    const __m512i high = _mm512_load_si512(panel + l * kPanelWidth + kLanes);
    // The next panel, which follows in memory, on its way from the third cache to the second.
    _mm_prefetch(panel + (words + l) * kPanelWidth, _MM_HINT_T1);
    _mm_prefetch(panel + (words + l) * kPanelWidth + kLanes, _MM_HINT_T1);
#pragma GCC unroll 12
    for (std::size_t i = 0; i < R; ++i) {
      std::int32_t word;
      std::memcpy(&word, a + i * a_stride + l * 4, 4);
      sums[i][0] = Times::add(sums[i][0], word, low);
      sums[i][1] = Times::add(sums[i][1], word, high);
    }
  }
#pragma GCC unroll 12
  for (std::size_t i = 0; i < R; ++i) {
    std::memcpy(c + i * c_stride, &sums[i][0], 64);
    std::memcpy(c + i * c_stride + kLanes, &sums[i][1], 64);
  }
}

template <class Times>
using Tile = void (*)(const char*, std::size_t, const std::int32_t*, std::size_t,
                      typename Times::Sum*, std::size_t) noexcept;

template <class Times>
constexpr Tile<Times> kTiles[kRows + 1] = {
    nullptr,         tile<Times, 1>,  tile<Times, 2>, tile<Times, 3>, tile<Times, 4>,
    tile<Times, 5>,  tile<Times, 6>,  tile<Times, 7>, tile<Times, 8>, tile<Times, 9>,
    tile<Times, 10>, tile<Times, 11>, tile<Times, 12>};

/// A function of math/products.h: m rows in tiles of nearly equal height.
template <class Times, class A, class B>
void multiply(const A* a, std::size_t a_stride, std::size_t m, const B* panel, std::size_t k,
              typename Times::Sum* c, std::size_t c_stride) noexcept {
  const auto* words = reinterpret_cast<const std::int32_t*>(panel);
  for_each_tile(m, kRows, [&](std::size_t i, std::size_t rows) {
    kTiles<Times>[rows](reinterpret_cast<const char*>(a + i * a_stride), a_stride * sizeof(A),
                        words, k * sizeof(A) / 4, c + i * c_stride, c_stride);
  });
}

inline void nothing() noexcept {}

}  // namespace
}  // namespace enlace
