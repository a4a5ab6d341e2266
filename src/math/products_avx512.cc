#include "math/product_tile_avx512.h"

namespace enlace {
namespace {

/// Two products of bf16 by way of f32, whose upper half a bf16 is.
struct TimesBf16 {
  using Sums = Floats16;
  using Sum = float;
  static Sums add(Sums sums, std::int32_t word, __m512i columns) noexcept {
    const __m512i words = _mm512_set1_epi32(word);
    const __m512i upper = _mm512_set1_epi32(static_cast<int>(0xFFFF0000U));
    sums = _mm512_fmadd_ps(_mm512_castsi512_ps(_mm512_slli_epi32(words, 16)),
                           _mm512_castsi512_ps(_mm512_slli_epi32(columns, 16)), sums);
    return _mm512_fmadd_ps(_mm512_castsi512_ps(_mm512_and_si512(words, upper)),
                           _mm512_castsi512_ps(_mm512_and_si512(columns, upper)), sums);
  }
};

}  // namespace

const Products kAvx512Products{"avx512",
                               multiply<TimesF32, float, float>,
                               multiply<TimesBf16, Bf16, Bf16>,
                               multiply<TimesInt8, std::uint8_t, std::int8_t>,
                               nothing,
                               nothing};

}  // namespace enlace
