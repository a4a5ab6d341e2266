#include "sources/obo_text.h"

#include <algorithm>

#include "base/ascii.h"

namespace enlace {
namespace {

std::string unescaped(std::string_view text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      made += text[i];
      continue;
    }
    const char c = text[++i];
    made += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'W' ? ' ' : c;
  }
  return made;
}

/// The first place in `text` from `from` on where `c` stands unescaped; text.size() if nowhere.
std::size_t find_plain(std::string_view text, char c, std::size_t from = 0) noexcept {
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == c) return i;
    if (text[i] == '\\') ++i;
  }
  return text.size();
}

/// `value` up to a comment: an unescaped `!` between blanks.
std::string_view without_comment(std::string_view value) noexcept {
  for (std::size_t at = find_plain(value, '!'); at < value.size();
       at = find_plain(value, '!', at + 1)) {
    const bool opens = at > 0 && value[at - 1] == ' ';
    if (opens && (at + 1 == value.size() || value[at + 1] == ' ')) return value.substr(0, at);
  }
  return value;
}

/// `value` without a last `{key=…}`, which braces without `=` are not.
std::string_view without_qualifiers(std::string_view value) noexcept {
  if (!value.ends_with('}')) return value;
  std::size_t last = value.size();
  for (std::size_t at = find_plain(value, '{'); at < value.size();
       at = find_plain(value, '{', at + 1)) {
    if (at > 0 && value[at - 1] == ' ') last = at;
  }
  const bool qualifies = last < value.size() && value.find('=', last) != std::string_view::npos;
  return qualifies ? value.substr(0, last) : value;
}

}  // namespace

std::string obo_text(std::string_view value) {
  return unescaped(trimmed(without_qualifiers(trimmed(without_comment(value)))));
}

std::string obo_identifier(std::string_view value) {
  value = trimmed(value);
  return unescaped(value.substr(0, find_plain(value, ' ')));
}

std::optional<OboSynonym> parse_obo_synonym(std::string_view value) {
  value = trimmed(value);
  if (!value.starts_with('"')) return std::nullopt;
  const std::size_t end = find_plain(value, '"', 1);
  if (end == value.size()) return std::nullopt;
  auto scope = trimmed(value.substr(end + 1));
  scope = scope.substr(0, scope.find_first_of(" \t["));
  return OboSynonym{unescaped(value.substr(1, end - 1)), scope};
}

std::string without_release(std::string xref) {
  constexpr std::string_view kShape = "_0000_00_00";
  const std::size_t colon = xref.find(':');
  if (colon == std::string::npos || colon <= kShape.size()) return xref;
  const std::size_t at = colon - kShape.size();
  const bool dated =
      std::equal(kShape.begin(), kShape.end(), xref.begin() + std::ptrdiff_t(at),
                 [](char shape, char c) { return shape == '_' ? c == '_' : c >= '0' && c <= '9'; });
  return dated ? xref.erase(at, kShape.size()) : xref;
}

}  // namespace enlace
