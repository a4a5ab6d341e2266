// gelu in binary16: only for files compiled for AVX-512 FP16.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "math/gelu_chords.h"

namespace enlace {
namespace {

/// The half with these bits in all lanes.
inline __m512h same_half(std::uint16_t bits) noexcept {
  return _mm512_castsi512_ph(_mm512_set1_epi16(static_cast<short>(bits)));
}

/// Bits of halves. From 1024 to 2048 they are whole numbers, which are in their lowest bits.
constexpr std::uint16_t kHalf16 = 0x4C00, kHalf1024 = 0x6400, kHalf1279 = 0x64FF;

/// Two vectors of f32, in their order, as halves.
inline __m512h as_halves(__m512 low, __m512 high) noexcept {
  const __m256i first = _mm256_castph_si256(_mm512_cvtxps_ph(low));
  const __m256i second = _mm256_castph_si256(_mm512_cvtxps_ph(high));
  return _mm512_castsi512_ph(_mm512_inserti64x4(_mm512_castsi256_si512(first), second, 1));
}

/// 32 values of f32 or binary16 as halves.
struct AsHalves {
  static __m512h load(const float* values) noexcept {
    return as_halves(_mm512_loadu_ps(values), _mm512_loadu_ps(values + 16));
  }
  static __m512h load(const std::uint16_t* values) noexcept { return _mm512_loadu_ph(values); }
};

/// gelu by a chord for each cell (math/gelu_chords.h); NaN stays NaN.
inline __m512h half_gelu(__m512h x) noexcept {
  using namespace polynomials;
  // Magnitudes are in the order of their bits, and NaN comes last.
  const __m512h t = _mm512_castsi512_ph(
      _mm512_min_epu16(_mm512_castph_si512(_mm512_abs_ph(x)), _mm512_set1_epi16(kGeluChordEnd)));
  const __m512i cell =
      _mm512_castph_si512(_mm512_fmadd_ph(t, same_half(kHalf16), same_half(kHalf1024)));
  const auto of_cell = [cell](const std::uint16_t* table) {
    return _mm512_castsi512_ph(
        _mm512_permutex2var_epi16(_mm512_load_si512(table), cell, _mm512_load_si512(table + 32)));
  };
  const __m512h tail = _mm512_fmadd_ph(t, of_cell(kGeluChordSlopes), of_cell(kGeluChordStarts));
  // The second operand is kept if one is NaN.
  return _mm512_sub_ph(_mm512_max_ph(_mm512_setzero_ph(), x), tail);
}

}  // namespace
}  // namespace enlace
