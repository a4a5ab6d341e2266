// The product of bf16 by way of f32, of which a bf16 is the upper half: for processors whose own
// instruction for it is missing or slow. Only for files compiled for AVX-512.
#pragma once

#include "math/product_tile_avx512.h"

namespace enlace {
namespace {

constexpr std::size_t kPartWords = 128;  // of depth, whose rows are widened at a time
constexpr std::size_t kWideStride = 2 * kPartWords + kLanes;  // off the sets of the cache before

/// The values of words of two bf16, as f32.
inline __m512i firsts_of(__m512i words) noexcept {
  return _mm512_slli_epi32(words, 16);
}
inline __m512i seconds_of(__m512i words) noexcept {
  return _mm512_and_si512(words, _mm512_set1_epi32(static_cast<int>(0xFFFF0000U)));
}

/// R rows times a part of a panel, added to c, or `begun` anew. A row of `a` has the first values
/// of its words and kPartWords after them the second ones.
template <std::size_t R>
void widened_tile(const float* a, const std::int32_t* panel, std::size_t words, bool begun,
                  float* c, std::size_t c_stride) noexcept {
  Floats16 sums[R][2];
#pragma GCC unroll 12
  for (std::size_t i = 0; i < R; ++i) {
    sums[i][0] = sums[i][1] = Floats16{};
    if (begun) {
      std::memcpy(&sums[i][0], c + i * c_stride, 64);
      std::memcpy(&sums[i][1], c + i * c_stride + kLanes, 64);
    }
  }
  for (std::size_t l = 0; l < words; ++l) {
    const __m512i low = _mm512_load_si512(panel + l * kPanelWidth);
    const __m512i high = _mm512_load_si512(panel + l * kPanelWidth + kLanes);
    // What follows in memory, on its way from the third cache to the second.
    _mm_prefetch(panel + (words + l) * kPanelWidth, _MM_HINT_T1);
    _mm_prefetch(panel + (words + l) * kPanelWidth + kLanes, _MM_HINT_T1);
    const auto add = [&](const float* from, __m512i to_low, __m512i to_high) {
#pragma GCC unroll 12
      for (std::size_t i = 0; i < R; ++i) {
        std::int32_t value;
        std::memcpy(&value, from + i * kWideStride, 4);
        sums[i][0] = TimesF32::add(sums[i][0], value, to_low);
        sums[i][1] = TimesF32::add(sums[i][1], value, to_high);
      }
    };
    add(a + l, firsts_of(low), firsts_of(high));
    add(a + kPartWords + l, seconds_of(low), seconds_of(high));
  }
#pragma GCC unroll 12
  for (std::size_t i = 0; i < R; ++i) {
    std::memcpy(c + i * c_stride, &sums[i][0], 64);
    std::memcpy(c + i * c_stride + kLanes, &sums[i][1], 64);
  }
}

/// Writes some words of a row as widened_tile takes them.
inline void widen(const std::uint16_t* row, std::size_t words, float* to) noexcept {
  for (std::size_t l = 0; l < words; l += kLanes) {
    const __m512i some = _mm512_loadu_si512(row + 2 * l);
    _mm512_store_si512(to + l, firsts_of(some));
    _mm512_store_si512(to + kPartWords + l, seconds_of(some));
  }
}

using WidenedTile = void (*)(const float*, const std::int32_t*, std::size_t, bool, float*,
                             std::size_t) noexcept;

constexpr WidenedTile kWidenedTiles[kRows + 1] = {
    nullptr,          widened_tile<1>,  widened_tile<2>, widened_tile<3>, widened_tile<4>,
    widened_tile<5>,  widened_tile<6>,  widened_tile<7>, widened_tile<8>, widened_tile<9>,
    widened_tile<10>, widened_tile<11>, widened_tile<12>};

/// Products::multiply_bf16, exact but for the rounding of the sums.
inline void multiply_widened(const Bf16* a, std::size_t a_stride, std::size_t m, const Bf16* panel,
                             std::size_t k, float* c, std::size_t c_stride) noexcept {
  alignas(64) float wide[kRows * kWideStride];
  const auto* columns = reinterpret_cast<const std::int32_t*>(panel);
  const std::size_t words = k / 2;
  for_each_tile(m, kRows, [&](std::size_t i, std::size_t rows) {
    std::size_t l = 0;
    do {
      const std::size_t part = words - l < kPartWords ? words - l : kPartWords;
      for (std::size_t r = 0; r < rows; ++r) {
        widen(a + (i + r) * a_stride + 2 * l, part, wide + r * kWideStride);
      }
      kWidenedTiles[rows](wide, columns + l * kPanelWidth, part, l > 0, c + i * c_stride, c_stride);
      l += part;
    } while (l < words);
  });
}

}  // namespace
}  // namespace enlace
