#include "io/crc32c.h"

#include <array>

namespace enlace {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1) ^ ((remainder & 1U) != 0 ? 0x82F63B78U : 0U);
    }
    table[byte] = remainder;
  }
  return table;
}

constexpr auto kTable = make_table();

}  // namespace

std::uint32_t crc32c_by_table(const std::byte* bytes, std::size_t size,
                              std::uint32_t crc) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<std::uint32_t>(bytes[i])) & 0xFFU];
  }
  return crc;
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) noexcept {
  static const auto sum = __builtin_cpu_supports("sse4.2") ? crc32c_by_sse42 : crc32c_by_table;
  return ~sum(bytes.data(), bytes.size(), ~before);
}

}  // namespace enlace
