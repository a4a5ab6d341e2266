#include "pairs/name_tag.h"

#include <algorithm>

#include "base/ascii.h"

namespace enlace {
namespace {

bool begins_with(std::string_view text, std::string_view upper_case_start) noexcept {
  return text.size() >= upper_case_start.size() &&
         std::equal(upper_case_start.begin(), upper_case_start.end(), text.begin(),
                    [](char wanted, char c) {
                      return wanted == (c >= 'a' && c <= 'z' ? char(c - ('a' - 'A')) : c);
                    });
}

}  // namespace

bool has_name_tags(std::string_view source) noexcept {
  return begins_with(source, "SNOMED") || begins_with(source, "SCT");
}

std::string_view without_name_tag(std::string_view text) noexcept {
  if (!text.ends_with(')')) return text;
  const std::string_view inside = text.substr(0, text.size() - 1);
  const std::size_t open = inside.find_last_of("()");
  if (open == std::string_view::npos || inside[open] != '(') return text;
  if (trimmed(inside.substr(open + 1)).empty()) return text;
  const std::string_view bare = trimmed(text.substr(0, open));
  return bare.empty() ? text : bare;
}

}  // namespace enlace
