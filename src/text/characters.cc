#include "text/characters.h"

#include <utf8proc.h>

namespace enlace {
namespace {

utf8proc_category_t category(char32_t c) noexcept {
  return utf8proc_category(std::int32_t(c));
}

/// Cased (DerivedCoreProperties) but for what is case-ignorable as well, which is_final_sigma
/// skips.
bool is_cased(char32_t c) noexcept {
  const auto kind = category(c);
  return (kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LT) || c == 0xAA || c == 0xBA ||
         (c >= 0x2160 && c <= 0x217F) || is_enclosed_letter(c);
}

/// Case_Ignorable: marks, formats, modifiers, and the punctuation that joins letters.
bool is_case_ignorable(char32_t c) noexcept {
  switch (category(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK: return true;
    default: break;
  }
  switch (c) {
    case U'\'':
    case U'.':
    case U':':
    case 0xB7:
    case 0x387:
    case 0x55F:
    case 0x5F4:
    case 0x2018:
    case 0x2019:
    case 0x2024:
    case 0x2027:
    case 0xFE13:
    case 0xFE52:
    case 0xFE55:
    case 0xFF07:
    case 0xFF0E:
    case 0xFF1A: return true;
    default: return false;
  }
}

bool is_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Capitals of Unicode 16 and 17, which utf8proc does not know before its version 2.11, and how far
/// their small letters are from them.
struct NewCapitals {
  char32_t first, last;
  std::int32_t distance;
};
constexpr NewCapitals kNewCapitals[] = {
    {0x1C89, 0x1C89, 1},      {0xA7CB, 0xA7CB, 0x264 - 0xA7CB},
    {0xA7CC, 0xA7CC, 1},      {0xA7CE, 0xA7CE, 1},
    {0xA7D2, 0xA7D2, 1},      {0xA7D4, 0xA7D4, 1},
    {0xA7DA, 0xA7DA, 1},      {0xA7DC, 0xA7DC, 0x19B - 0xA7DC},
    {0x10D50, 0x10D65, 0x20}, {0x16EA0, 0x16EB8, 0x1B},
};

}  // namespace

bool is_white_space(char32_t c) noexcept {
  if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_letter(char32_t c) noexcept {
  const auto kind = category(c);
  return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

bool is_mark(char32_t c) noexcept {
  const auto kind = category(c);
  return kind >= UTF8PROC_CATEGORY_MN && kind <= UTF8PROC_CATEGORY_ME;
}

bool is_number(char32_t c) noexcept {
  const auto kind = category(c);
  return kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO;
}

bool is_math_symbol(char32_t c) noexcept {
  return category(c) == UTF8PROC_CATEGORY_SM;
}

bool is_ideographic(char32_t c) noexcept {
  return (c >= 0x3005 && c <= 0x3007) || (c >= 0x3041 && c <= 0x30FF) ||
         (c >= 0x31F0 && c <= 0x31FF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0xFF66 && c <= 0xFF9F) || (c >= 0x20000 && c <= 0x3FFFF);
}

bool is_enclosed_letter(char32_t c) noexcept {
  return (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F149) ||
         (c >= 0x1F150 && c <= 0x1F169) || (c >= 0x1F170 && c <= 0x1F189);
}

char32_t lower_case_of(char32_t c) noexcept {
  for (const NewCapitals& capitals : kNewCapitals) {
    if (c < capitals.first) break;
    if (c <= capitals.last) return char32_t(std::int32_t(c) + capitals.distance);
  }
  return char32_t(utf8proc_tolower(std::int32_t(c)));
}

bool is_final_sigma(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  bool after_letter = false;
  while (begin > 0) {
    do --begin;
    while (begin > 0 && is_continuation(text[begin]));
    const char32_t c = next_code_point(text, begin).value;
    if (is_case_ignorable(c)) continue;
    after_letter = is_cased(c);
    break;
  }
  if (!after_letter) return false;
  while (end < text.size()) {
    const CodePoint next = next_code_point(text, end);
    if (!is_case_ignorable(next.value)) return !is_cased(next.value);
    end += next.size;
  }
  return true;
}

}  // namespace enlace
