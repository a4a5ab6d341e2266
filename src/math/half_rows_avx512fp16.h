// Rows of a block of sums of bytes, finished as halves: only for files compiled for AVX-512 FP16.
//
// While the matrix unit works, one of the two ports for arithmetic does not. So a row of 32 sums
// goes on as 32 values of 16 bits as early as can be: sums less what the zeros of their rows make,
// of which bits 8 to 23 are converted to binary16.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "math/attention_avx512.h"
#include "math/block_products.h"
#include "math/dequantized_rows_avx512.h"
#include "math/gelu_avx512fp16.h"

namespace enlace {
namespace {

/// 256 scale_j step_i, as the product of two factors that are far from the ends of binary16.
constexpr float kOfScale = 2, kOfStep = 128;

/// The zeros and steps of a block's rows, twice in a word each, as instructions take them.
class HalfRowScales {
 public:
  HalfRowScales(QuantizedRows rows, std::size_t m) noexcept {
    for (std::size_t i = 0; i < m; i += kLanes) {
      const __mmask16 in = lanes_at(i, m);
      const __m512 step = _mm512_maskz_loadu_ps(in, rows.step + i);
      const __mmask16 wide = _mm512_cmp_ps_mask(step, _mm512_setzero_ps(), _CMP_NEQ_UQ);
      const __m512 zero =
          _mm512_maskz_div_ps(wide, _mm512_maskz_loadu_ps(in, rows.shift + i), step);
      const __m512h halves = _mm512_castsi512_ph(_mm512_zextsi256_si512(
          _mm256_castph_si256(_mm512_cvtxps_ph(_mm512_mul_ps(step, _mm512_set1_ps(kOfStep))))));
      _mm512_store_si512(zeros_ + i, twice(_mm512_cvtps_epi32(zero)));
      _mm512_store_si512(
          steps_ + i,
          twice(_mm512_cvtepu16_epi32(_mm512_castsi512_si256(_mm512_castph_si512(halves)))));
    }
  }

  const std::int32_t* zeros() const noexcept { return zeros_; }
  const std::int32_t* steps() const noexcept { return steps_; }

 private:
  static __m512i twice(__m512i words) noexcept {
    return _mm512_or_si512(words, _mm512_slli_epi32(words, 16));
  }

  alignas(64) std::int32_t zeros_[kMostBlockRows];
  alignas(64) std::int32_t steps_[kMostBlockRows];
};

/// Where rows go.
struct HalvesTo {
  Half* c;
  std::size_t stride;
};

/// kFunction(before + scale_j (step_i sums - shift_i sum_j)).
template <class Before, __m512h (*kFunction)(__m512h) noexcept>
class HalfRows {
 public:
  /// Keeps a reference to `rows`.
  HalfRows(const HalfRowScales& rows, QuantizedColumns columns, Before before, HalvesTo to) noexcept
      : rows_(rows), columns_(columns), before_(before), to_(to) {}

  void begin(Place place) noexcept {
    const std::size_t column = place.panel * kPanelWidth;
    const __m512 factor = _mm512_set1_ps(kOfScale);
    scale_ = as_halves(_mm512_mul_ps(factor, _mm512_loadu_ps(columns_.scale + column)),
                       _mm512_mul_ps(factor, _mm512_loadu_ps(columns_.scale + column + kLanes)));
    half_scale_ = _mm512_mul_ph(scale_, same_half(0x3800));
    for (std::size_t h = 0; h < 2; ++h)
      less_sum_[h] = less_halved(columns_.sum + column + h * kLanes);
    zero_ = rows_.zeros() + place.row;
    step_ = rows_.steps() + place.row;
    before_.begin(place);
    at_ = to_.c + place.row * to_.stride + column;
  }

  /// The next row. `sums`: its kPanelWidth.
  void next(const char* sums) noexcept {
    // Bytes 1 and 2 of every word of two vectors.
    alignas(64) static constexpr std::uint8_t kMiddle[64] = {
        1,  2,  5,   6,   9,   10,  13,  14,  17,  18,  21,  22,  25,  26,  29,  30,
        33, 34, 37,  38,  41,  42,  45,  46,  49,  50,  53,  54,  57,  58,  61,  62,
        65, 66, 69,  70,  73,  74,  77,  78,  81,  82,  85,  86,  89,  90,  93,  94,
        97, 98, 101, 102, 105, 106, 109, 110, 113, 114, 117, 118, 121, 122, 125, 126};
    const __m512i zero = _mm512_set1_epi32(*zero_++);
    const __m512i low = _mm512_dpwssd_epi32(_mm512_load_si512(sums), zero, less_sum_[0]);
    const __m512i high = _mm512_dpwssd_epi32(_mm512_load_si512(sums + 64), zero, less_sum_[1]);
    const __m512h cut =
        _mm512_cvtepi16_ph(_mm512_permutex2var_epi8(low, _mm512_load_si512(kMiddle), high));
    // What was cut away is a half on average.
    const __m512h scaled = _mm512_fmadd_ph(cut, scale_, half_scale_);
    const __m512h step = _mm512_castsi512_ph(_mm512_set1_epi32(*step_++));
    _mm512_storeu_ph(at_, kFunction(_mm512_fmadd_ph(scaled, step, before_.next())));
    at_ += to_.stride;
  }

 private:
  /// -sum as two numbers of 16 bits that sum up to it.
  static __m512i less_halved(const std::int32_t* sum) noexcept {
    const __m512i less = _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_loadu_si512(sum));
    const __m512i part = _mm512_srai_epi32(less, 1), rest = _mm512_sub_epi32(less, part);
    return _mm512_mask_blend_epi16(0xAAAAAAAA, part, _mm512_slli_epi32(rest, 16));
  }

  const HalfRowScales& rows_;
  QuantizedColumns columns_;
  Before before_;
  HalvesTo to_;
  __m512h scale_, half_scale_;
  __m512i less_sum_[2];
  const std::int32_t* zero_ = nullptr;
  const std::int32_t* step_ = nullptr;
  Half* at_ = nullptr;
};

}  // namespace
}  // namespace enlace
