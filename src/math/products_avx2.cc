#include "math/product_tile_avx2.h"

namespace enlace {
namespace {

/// Four products of bytes as two of 16 bits twice, which cannot overflow as those of
/// _mm256_maddubs_epi16 can.
struct TimesInt8 : EightSumsOfBytes {
  static constexpr std::size_t kRows = 3;
  struct Columns {
    __m256i even, odd;
  };
  static Columns load(const std::int32_t* columns) noexcept {
    const __m256i words = _mm256_load_si256(reinterpret_cast<const __m256i*>(columns));
    return {_mm256_srai_epi16(_mm256_slli_epi16(words, 8), 8), _mm256_srai_epi16(words, 8)};
  }
  static Sums add(Sums sums, const char* word, Columns columns) noexcept {
    const __m256i words = broadcast(word);
    const __m256i even = _mm256_and_si256(words, _mm256_set1_epi16(0xFF));
    const __m256i odd = _mm256_srli_epi16(words, 8);
    return _mm256_add_epi32(sums, _mm256_add_epi32(_mm256_madd_epi16(even, columns.even),
                                                   _mm256_madd_epi16(odd, columns.odd)));
  }
};

/// The products of narrow quads are added in 16 bits, two words at a time.
struct TimesNarrowInt8 : EightSumsOfBytes {
  static constexpr std::size_t kRows = 3;
  static constexpr std::size_t kWords = 2;
  struct Columns {
    __m256i first, second;
  };
  static Columns load(const std::int32_t* columns) noexcept {
    return {_mm256_load_si256(reinterpret_cast<const __m256i*>(columns)),
            _mm256_load_si256(reinterpret_cast<const __m256i*>(columns + kPanelWidth))};
  }
  static Sums add(Sums sums, const char* words, Columns columns) noexcept {
    const __m256i quads =
        _mm256_add_epi16(_mm256_maddubs_epi16(broadcast(words), columns.first),
                         _mm256_maddubs_epi16(broadcast(words + 4), columns.second));
    return _mm256_add_epi32(sums, _mm256_madd_epi16(quads, _mm256_set1_epi16(1)));
  }
};

}  // namespace

const Products kAvx2Products{"avx2",
                             multiply<EightTimesF32, float, float>,
                             multiply<EightTimesBf16, Bf16, Bf16>,
                             multiply<TimesInt8, std::uint8_t, std::int8_t>,
                             multiply<TimesNarrowInt8, std::uint8_t, std::int8_t>,
                             true,
                             nothing,
                             nothing};

}  // namespace enlace
