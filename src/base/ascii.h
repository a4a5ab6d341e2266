// Blanks at the ends of a field.
#pragma once

#include <string_view>

namespace enlace {

/// `text` without the ASCII blanks (space, tab, line ends, form feed) at both ends.
constexpr std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return text.substr(0, 0);
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace enlace
