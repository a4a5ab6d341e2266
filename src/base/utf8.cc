#include "base/utf8.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace enlace {
namespace {

/// The length that a lead byte announces, 0 if it cannot lead.
std::size_t announced_length(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;  // a continuation, or an overlong form
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

/// Whether the second byte is in the range its lead allows, where that is narrower than 80..BF.
bool second_fits(unsigned char lead, unsigned char second) noexcept {
  switch (lead) {
    case 0xE0: return second >= 0xA0;
    case 0xED: return second <= 0x9F;
    case 0xF0: return second >= 0x90;
    case 0xF4: return second <= 0x8F;
    default: return true;
  }
}

/// The first byte from `at` on that is not ASCII, found eight at a time; text.size() if none.
std::size_t skip_ascii(std::string_view text, std::size_t at) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::uint64_t word = 0;
  for (; text.size() - at >= sizeof word; at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

std::size_t first_invalid_utf8(std::string_view text) noexcept {
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = announced_length(lead);
    if (length == 0 || length > text.size() - at) return at;
    for (std::size_t i = 1; i < length; ++i) {
      if (!is_utf8_continuation(text[at + i])) return at;
    }
    if (length > 1 && !second_fits(lead, static_cast<unsigned char>(text[at + 1]))) return at;
    at += length;
  }
  return text.size();
}

std::optional<std::string> utf8_fault(std::string_view text, std::string_view name,
                                      std::size_t line) {
  const std::size_t bad = first_invalid_utf8(text);
  if (bad == text.size()) return std::nullopt;
  const std::string_view before = text.substr(0, bad);
  line += std::size_t(std::count(before.begin(), before.end(), '\n'));
  const std::size_t column = count_code_points(before.substr(before.rfind('\n') + 1)) + 1;
  return fmt::format("{}:{}:{}: expected UTF-8, found another byte", name, line, column);
}

CodePoint decode_utf8(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) {
    return char32_t(static_cast<unsigned char>(text[at + i]));
  };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xE0) return {(lead & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (lead < 0xF0) return {(lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  return {(lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F),
          4};
}

void append_utf8(std::string& text, char32_t value) {
  const auto put = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0 | value >> 6);
    put(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    put(0xE0 | value >> 12);
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  } else {
    put(0xF0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3F));
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  }
}

std::size_t count_code_points(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char byte : text) count += is_utf8_continuation(byte) ? 0 : 1;
  return count;
}

std::size_t byte_offset_of(std::string_view text, std::size_t index) noexcept {
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) {
    do ++at;
    while (at < text.size() && is_utf8_continuation(text[at]));
  }
  return index == 0 ? at : std::string_view::npos;
}

}  // namespace enlace
