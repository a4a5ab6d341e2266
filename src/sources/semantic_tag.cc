#include "sources/semantic_tag.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"

namespace enlace {
namespace {

/// Letters of any language, and what joins the words of a tag.
bool in_tag(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80 || c == ' ' || c == ',' || c == '/' || c == '-';
}

}  // namespace

TaggedName split_semantic_tag(std::string_view name) noexcept {
  if (!name.ends_with(')')) return {name, {}};
  std::size_t depth = 0;
  for (std::size_t at = name.size(); at-- > 0;) {
    if (name[at] == ')') ++depth;
    if (name[at] != '(' || --depth > 0) continue;
    const auto before = trimmed(name.substr(0, at));
    if (before.empty()) break;
    const auto tag = trimmed(name.substr(at + 1, name.size() - at - 2));
    const bool says_type = std::all_of(tag.begin(), tag.end(), in_tag);
    return {before, says_type ? tag : std::string_view{}};
  }
  return {name, {}};
}

}  // namespace enlace
