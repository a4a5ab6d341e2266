// UTF-8: validation, code points and the way between byte and code-point offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace enlace {

/// Whether `byte` continues a sequence rather than begins one.
inline bool is_utf8_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The offset of the first byte that is not part of a well-formed UTF-8 sequence (Unicode 15,
/// table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF); text.size() if none.
std::size_t first_invalid_utf8(std::string_view text) noexcept;

inline bool is_utf8(std::string_view text) noexcept {
  return first_invalid_utf8(text) == text.size();
}

/// Where a text stops being UTF-8, for people: "notes.txt:3:7: expected UTF-8, found another byte";
/// nothing if it is well-formed. `name` is the text's file and `line` the number of its first line;
/// columns count characters, from 1.
std::optional<std::string> utf8_fault(std::string_view text, std::string_view name,
                                      std::size_t line = 1);

/// A code point and the bytes it takes.
struct CodePoint {
  char32_t value;
  std::uint32_t size;
};

/// The code point that begins at text[at]. Requires well-formed text and at < text.size().
CodePoint decode_utf8(std::string_view text, std::size_t at) noexcept;

/// Appends `value` to `text`. Requires a Unicode scalar value.
void append_utf8(std::string& text, char32_t value);

/// How many code points `text` has. Requires well-formed text.
std::size_t count_code_points(std::string_view text) noexcept;

/// The byte offset of code point number `index`, or npos if the text has fewer. An index equal to
/// their number gives text.size(). Requires well-formed text.
std::size_t byte_offset_of(std::string_view text, std::size_t index) noexcept;

}  // namespace enlace
