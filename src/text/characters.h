// What kind of character a code point is (Unicode 15 by utf8proc).
#pragma once

#include <string_view>

#include "base/utf8.h"

namespace enlace {

/// As decode_utf8, for text that nobody has validated: a sequence cut short by the end of the text
/// is one U+FFFD. Requires at < text.size().
inline CodePoint next_code_point(std::string_view text, std::size_t at) noexcept {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (size > text.size() - at) return {0xFFFD, std::uint32_t(text.size() - at)};
  return decode_utf8(text, at);
}

/// The Unicode property White_Space.
bool is_white_space(char32_t c) noexcept;

/// White_Space and the separators U+001C to U+001F: what Python's str.split() splits at.
inline bool is_separator(char32_t c) noexcept {
  return (c >= 0x1C && c <= 0x1F) || is_white_space(c);
}

/// General categories L*, M* and N*.
bool is_letter(char32_t c) noexcept;
bool is_mark(char32_t c) noexcept;
bool is_number(char32_t c) noexcept;

/// General category Sm: + < > = ≤ ± and their like.
bool is_math_symbol(char32_t c) noexcept;

/// Ⓐ, ⓐ and their like: symbols that count as letters (Other_Alphabetic), with case.
bool is_enclosed_letter(char32_t c) noexcept;

/// One of the 20,989 commonest Han characters: letters without case, marks or decomposition.
constexpr bool is_common_han(char32_t c) noexcept {
  return c >= 0x4E00 && c <= 0x9FFC;
}

/// Han, Hiragana and Katakana: scripts that are written without spaces between words.
bool is_ideographic(char32_t c) noexcept;

/// The simple lower case of Unicode 17: one character for one, so U+0130 gives i without its dot.
char32_t lower_case_of(char32_t c) noexcept;

/// Whether a capital sigma at bytes [begin, end) of `text` is the last letter of a word, so that
/// its lower case is ς: condition Final_Sigma of Unicode 15, table 3-17.
/// Cost: the run of case-ignorable characters on both sides.
bool is_final_sigma(std::string_view text, std::size_t begin, std::size_t end) noexcept;

}  // namespace enlace
