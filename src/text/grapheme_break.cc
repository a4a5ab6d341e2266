#include "text/grapheme_break.h"

#include <utf8proc.h>

#include "text/code_point_range.h"

namespace enlace {
namespace {

// Unassigned, and yet controls: Default_Ignorable_Code_Point. Ordered, as those below.
constexpr CodePointRange kUnassignedControls[] = {
    {0x2065, 0x2065},   {0xFFF0, 0xFFF8},   {0xE0000, 0xE0000},
    {0xE0002, 0xE001F}, {0xE0080, 0xE00FF}, {0xE01F0, 0xE0FFF},
};
// What Unicode 17 has and Unicode 15, which utf8proc knows, has not: marks (Extend, SpacingMark),
// what belongs to the next character (Prepend), and vowels that follow as those of Hangul do (V).
constexpr CodePointRange kNewMarks[] = {
    {0x897, 0x897},     {0x1ACF, 0x1ADD},   {0x1AE0, 0x1AEB},   {0x10D69, 0x10D6D},
    {0x10EFA, 0x10EFC}, {0x113B8, 0x113C0}, {0x113C2, 0x113C2}, {0x113C5, 0x113C5},
    {0x113C7, 0x113CA}, {0x113CC, 0x113D0}, {0x113D2, 0x113D2}, {0x113E1, 0x113E2},
    {0x11B60, 0x11B67}, {0x11F5A, 0x11F5A}, {0x1611E, 0x1612F}, {0x1E5EE, 0x1E5EF},
    {0x1E6E3, 0x1E6E3}, {0x1E6E6, 0x1E6E6}, {0x1E6EE, 0x1E6EF}, {0x1E6F5, 0x1E6F5},
};
constexpr CodePointRange kNewPrepends[] = {{0x113D1, 0x113D1}};
constexpr CodePointRange kNewVowels[] = {{0x16D63, 0x16D63}, {0x16D67, 0x16D6A}};

/// A code point that utf8proc knows, of the class of c.
std::int32_t stand_in(char32_t c) noexcept {
  if (utf8proc_category(std::int32_t(c)) != UTF8PROC_CATEGORY_CN) return std::int32_t(c);
  if (is_in(kUnassignedControls, c)) return 0x200B;
  if (is_in(kNewMarks, c)) return 0x301;
  if (is_in(kNewPrepends, c)) return 0x600;
  return is_in(kNewVowels, c) ? 0x1160 : std::int32_t(c);
}

}  // namespace

bool is_grapheme_break(char32_t left, char32_t right, std::int32_t& state) noexcept {
  return utf8proc_grapheme_break_stateful(stand_in(left), stand_in(right), &state);
}

}  // namespace enlace
