#include "math/product_tile_avx512.h"

namespace enlace {
namespace {

struct TimesBf16 {
  using Sums = Floats16;
  using Sum = float;
  static Sums add(Sums sums, std::int32_t word, __m512i columns) noexcept {
    return _mm512_dpbf16_ps(sums, reinterpret_cast<__m512bh>(_mm512_set1_epi32(word)),
                            reinterpret_cast<__m512bh>(columns));
  }
};

}  // namespace

const Products kAvx512Bf16Products{"avx512bf16",
                                   multiply<TimesF32, float, float>,
                                   multiply<TimesBf16, Bf16, Bf16>,
                                   multiply<TimesInt8, std::uint8_t, std::int8_t>,
                                   multiply<TimesInt8, std::uint8_t, std::int8_t>,
                                   false,
                                   nothing,
                                   nothing};

}  // namespace enlace
