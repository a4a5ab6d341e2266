#include <nmmintrin.h>

#include "io/crc32c.h"

namespace enlace {

std::uint32_t crc32c_by_sse42(const std::byte* bytes, std::size_t size,
                              std::uint32_t crc) noexcept {
  std::uint64_t wide = crc;
  for (; size >= 8; size -= 8, bytes += 8) {
    std::uint64_t word;
    __builtin_memcpy(&word, bytes, sizeof word);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (; size > 0; --size, ++bytes) crc = _mm_crc32_u8(crc, static_cast<std::uint8_t>(*bytes));
  return crc;
}

}  // namespace enlace
