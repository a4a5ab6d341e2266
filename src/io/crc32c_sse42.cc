#include <nmmintrin.h>

#include "io/crc32c.h"

namespace enlace {
namespace {

// The instruction takes a word a cycle but answers three cycles later: three streams keep it busy.
constexpr std::size_t kLane = 1024;  // bytes of each

/// What the register becomes by kLane bytes of zeros: of[i][b], of byte i of the register being b,
/// to be added up.
struct Shift {
  std::uint32_t of[4][256];
};

constexpr Shift make_shift() {
  std::uint32_t of_bit[32] = {0x82F63B78U};  // by one bit
  for (int bit = 1; bit < 32; ++bit) of_bit[bit] = 1U << (bit - 1);
  const auto apply = [&of_bit](std::uint32_t crc) {
    std::uint32_t sum = 0;
    for (int bit = 0; bit < 32; ++bit) sum ^= (crc >> bit & 1U) != 0 ? of_bit[bit] : 0U;
    return sum;
  };
  for (std::size_t bits = 1; bits < 8 * kLane; bits *= 2) {
    std::uint32_t twice[32] = {};
    for (int bit = 0; bit < 32; ++bit) twice[bit] = apply(of_bit[bit]);
    for (int bit = 0; bit < 32; ++bit) of_bit[bit] = twice[bit];
  }
  Shift shift{};
  for (std::uint32_t i = 0; i < 4; ++i) {
    for (std::uint32_t byte = 0; byte < 256; ++byte) shift.of[i][byte] = apply(byte << 8 * i);
  }
  return shift;
}

constexpr Shift kShift = make_shift();

std::uint64_t shifted(std::uint64_t crc) noexcept {
  return kShift.of[0][crc & 0xFF] ^ kShift.of[1][crc >> 8 & 0xFF] ^ kShift.of[2][crc >> 16 & 0xFF] ^
         kShift.of[3][crc >> 24 & 0xFF];
}

std::uint64_t word_at(const std::byte* bytes) noexcept {
  std::uint64_t word;
  __builtin_memcpy(&word, bytes, sizeof word);
  return word;
}

}  // namespace

std::uint32_t crc32c_by_sse42(const std::byte* bytes, std::size_t size,
                              std::uint32_t crc) noexcept {
  std::uint64_t wide = crc;
  for (; size >= 3 * kLane; size -= 3 * kLane, bytes += 3 * kLane) {
    std::uint64_t second = 0, third = 0;
    for (std::size_t i = 0; i < kLane; i += 8) {
      wide = _mm_crc32_u64(wide, word_at(bytes + i));
      second = _mm_crc32_u64(second, word_at(bytes + kLane + i));
      third = _mm_crc32_u64(third, word_at(bytes + 2 * kLane + i));
    }
    wide = shifted(shifted(wide) ^ second) ^ third;
  }
  for (; size >= 8; size -= 8, bytes += 8) wide = _mm_crc32_u64(wide, word_at(bytes));
  crc = static_cast<std::uint32_t>(wide);
  for (; size > 0; --size, ++bytes) crc = _mm_crc32_u8(crc, static_cast<std::uint8_t>(*bytes));
  return crc;
}

}  // namespace enlace
