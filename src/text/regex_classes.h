// The character classes of regular expressions, as the reference library has them.
#pragma once

namespace enlace {

/// \p{L} and \p{N} of Unicode 16.
bool is_regex_letter(char32_t c) noexcept;
bool is_regex_number(char32_t c) noexcept;

/// \w (UTS 18, annex C) of Unicode 16: letters, marks, decimal and letter numbers, connectors and
/// joiners.
bool is_regex_word(char32_t c) noexcept;

/// General category N* of Unicode 17, of which the pre-tokenizer Digits makes words.
bool is_regex_digit(char32_t c) noexcept;

}  // namespace enlace
