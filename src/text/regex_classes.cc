#include "text/regex_classes.h"

#include <utf8proc.h>

#include "text/characters.h"
#include "text/code_point_range.h"

namespace enlace {
namespace {

// What Unicode 16 has and Unicode 15, which utf8proc knows, has not. Ordered.
constexpr CodePointRange kNewLetters[] = {
    {0x1C89, 0x1C8A},   {0xA7CB, 0xA7CD},   {0xA7DA, 0xA7DC},   {0x105C0, 0x105F3},
    {0x10D4A, 0x10D65}, {0x10D6F, 0x10D85}, {0x10EC2, 0x10EC4}, {0x11380, 0x11389},
    {0x1138B, 0x1138B}, {0x1138E, 0x1138E}, {0x11390, 0x113B5}, {0x113B7, 0x113B7},
    {0x113D1, 0x113D1}, {0x113D3, 0x113D3}, {0x11BC0, 0x11BE0}, {0x13460, 0x143FA},
    {0x16100, 0x1611D}, {0x16D40, 0x16D6C}, {0x18CFF, 0x18CFF}, {0x1E5D0, 0x1E5ED},
    {0x1E5F0, 0x1E5F0}, {0x2EBF0, 0x2EE5D},
};
constexpr CodePointRange kNewNumbers[] = {
    {0x10D40, 0x10D49}, {0x116D0, 0x116E3}, {0x11BF0, 0x11BF9}, {0x16130, 0x16139},
    {0x16D70, 0x16D79}, {0x1CCF0, 0x1CCF9}, {0x1E5F1, 0x1E5FA},
};
constexpr CodePointRange kNewMarks[] = {
    {0x897, 0x897},     {0x10D69, 0x10D6D}, {0x10EFC, 0x10EFC}, {0x113B8, 0x113C0},
    {0x113C2, 0x113C2}, {0x113C5, 0x113C5}, {0x113C7, 0x113CA}, {0x113CC, 0x113D0},
    {0x113D2, 0x113D2}, {0x113E1, 0x113E2}, {0x11F5A, 0x11F5A}, {0x1611E, 0x1612F},
    {0x1E5EE, 0x1E5EF},
};
constexpr CodePointRange kNumbersOf17[] = {{0x11DE0, 0x11DE9}, {0x16FF4, 0x16FF6}};

}  // namespace

bool is_regex_letter(char32_t c) noexcept {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter(c) || is_in(kNewLetters, c);
}

bool is_regex_number(char32_t c) noexcept {
  if (c < 0x80) return c >= '0' && c <= '9';
  return is_number(c) || is_in(kNewNumbers, c);
}

bool is_regex_word(char32_t c) noexcept {
  if (c < 0x80) return is_regex_letter(c) || is_regex_number(c) || c == '_';
  const auto kind = utf8proc_category(std::int32_t(c));
  return is_letter(c) || is_mark(c) || kind == UTF8PROC_CATEGORY_ND ||
         kind == UTF8PROC_CATEGORY_NL || kind == UTF8PROC_CATEGORY_PC || is_enclosed_letter(c) ||
         c == 0x200C || c == 0x200D || is_in(kNewLetters, c) || is_in(kNewNumbers, c) ||
         is_in(kNewMarks, c);
}

bool is_regex_digit(char32_t c) noexcept {
  return is_regex_number(c) || (c >= 0x80 && is_in(kNumbersOf17, c));
}

}  // namespace enlace
