#include "math/product_tile_avx2.h"

namespace enlace {
namespace {

/// Four products of bytes and their sum by one instruction.
struct TimesInt8 : EightSumsOfBytes {
  static constexpr std::size_t kRows = 6;
  using Columns = __m256i;
  static Columns load(const std::int32_t* columns) noexcept {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(columns));
  }
  static Sums add(Sums sums, const char* word, Columns columns) noexcept {
    return _mm256_dpbusd_avx_epi32(sums, broadcast(word), columns);
  }
};

}  // namespace

const Products kAvxVnniProducts{"avxvnni",
                                multiply<EightTimesF32, float, float>,
                                multiply<EightTimesBf16, Bf16, Bf16>,
                                multiply<TimesInt8, std::uint8_t, std::int8_t>,
                                multiply<TimesInt8, std::uint8_t, std::int8_t>,
                                false,
                                nothing,
                                nothing};

}  // namespace enlace
