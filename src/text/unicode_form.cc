#include "text/unicode_form.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include <utf8proc.h>

#include "text/characters.h"

namespace enlace {
namespace {

using Form = UnicodeForm::Form;

struct Part {
  std::int32_t value;
  std::int32_t combining;  // the canonical combining class; 0 starts a new cluster
  Span origin;
};

constexpr std::size_t kMostParts = 32;  // of one character; the longest today has 18

bool is_compatible(Form form) {
  return form == Form::kNfkc || form == Form::kNfkd;
}

bool is_composed(Form form) {
  return form == Form::kNfc || form == Form::kNfkc;
}

/// Below, every character is what it is in this form, and none is composed with one before it.
char32_t first_changing(Form form) {
  switch (form) {
    case Form::kNfc: return 0x300;
    case Form::kNfd: return 0xC0;
    case Form::kNfkc:
    case Form::kNfkd: return 0xA0;
  }
  return 0;
}

/// Characters whose decomposition is younger than Unicode 12.
bool decomposes_since_13(char32_t c) {
  return c == 0x11938;
}

bool is_compatible_since_13(char32_t c) {
  return c == 0x32FF || (c >= 0xA7F2 && c <= 0xA7F4) || c == 0xAB69 ||
         (c >= 0x10781 && c <= 0x107BA) || (c >= 0x1E030 && c <= 0x1E06D) || c == 0x1F16C ||
         (c >= 0x1FBF0 && c <= 0x1FBF9);
}

struct Range {
  char32_t first;
  char32_t last;
};

/// Where Unicode 15 has marks and Unicode 9, by which the reference library goes, had none.
/// Ordered; what else is between the marks does not matter.
constexpr Range kNewMarks[] = {
    {0x7FD, 0x7FD},     {0x898, 0x8D3},     {0x9FE, 0x9FE},     {0xAFA, 0xAFF},
    {0xB55, 0xB55},     {0xC04, 0xC3C},     {0xCF3, 0xD00},     {0xD3B, 0xD3C},
    {0xD81, 0xD81},     {0xEBA, 0xEBA},     {0xECE, 0xECE},     {0x1715, 0x1715},
    {0x180F, 0x180F},   {0x1ABF, 0x1ACE},   {0x1CF7, 0x1CF7},   {0x1DF6, 0x1DFA},
    {0xA82C, 0xA82C},   {0xA8FF, 0xA8FF},   {0x10D24, 0x10F85}, {0x11070, 0x11074},
    {0x110C2, 0x110C2}, {0x11145, 0x11146}, {0x111C9, 0x111C9}, {0x111CE, 0x111CF},
    {0x11241, 0x11241}, {0x1133B, 0x1133B}, {0x1145E, 0x1145E}, {0x1182C, 0x11A99},
    {0x11D31, 0x11F42}, {0x13440, 0x13455}, {0x16F4F, 0x16F4F}, {0x16F7F, 0x16F87},
    {0x16FE4, 0x16FF1}, {0x1CF00, 0x1CF46}, {0x1E08F, 0x1E2EF}, {0x1E4EC, 0x1E4EF},
};

bool is_new_mark(char32_t c) {
  const auto range = std::upper_bound(std::begin(kNewMarks), std::end(kNewMarks), c,
                                      [](char32_t value, Range r) { return value <= r.last; });
  return range != std::end(kNewMarks) && range->first <= c && is_mark(c);
}

std::int32_t combining_class(std::int32_t c) {
  const std::int32_t combining = utf8proc_get_property(c)->combining_class;
  return combining != 0 && is_new_mark(char32_t(c)) ? 0 : combining;
}

void decompose(char32_t c, Form form, Span origin, std::vector<Part>& parts) {
  std::array<std::int32_t, kMostParts> values{std::int32_t(c)};
  utf8proc_ssize_t count = 1;
  if (c >= 0xA0 && !decomposes_since_13(c) && !is_compatible_since_13(c)) {
    const auto options = static_cast<utf8proc_option_t>(
        is_compatible(form) ? UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT : UTF8PROC_DECOMPOSE);
    int last_class = 0;
    count = utf8proc_decompose_char(values[0], values.data(), kMostParts, options, &last_class);
    if (count < 1 || std::size_t(count) > kMostParts) {
      values[0] = std::int32_t(c);
      count = 1;
    }
  }
  for (std::size_t i = 0; i < std::size_t(count); ++i) {
    parts.push_back({values[i], combining_class(values[i]), origin});
  }
}

/// Canonical ordering: marks by their classes, between two starters. Origins stay where they are,
/// as the reference library has it.
void reorder(std::vector<Part>& parts) {
  const auto is_starter = [](const Part& part) { return part.combining == 0; };
  const auto by_class = [](const Part& a, const Part& b) { return a.combining < b.combining; };
  std::vector<Span> origins;
  for (auto begin = parts.begin(); begin != parts.end();) {
    begin = std::find_if_not(begin, parts.end(), is_starter);
    const auto end = std::find_if(begin, parts.end(), is_starter);
    if (!std::is_sorted(begin, end, by_class)) {
      origins.clear();
      std::for_each(begin, end, [&](const Part& part) { origins.push_back(part.origin); });
      std::stable_sort(begin, end, by_class);
      for (std::size_t i = 0; i < origins.size(); ++i) {
        begin[std::ptrdiff_t(i)].origin = origins[i];
      }
    }
    begin = end;
  }
}

/// Canonical composition of parts[begin, end), appended to `out`. Every composed character has the
/// origin of its first part.
void compose(std::span<const Part> parts, std::vector<Part>& out) {
  std::vector<std::int32_t> values(parts.size());
  std::transform(parts.begin(), parts.end(), values.begin(), [](const Part& p) { return p.value; });
  const auto count =
      utf8proc_normalize_utf32(values.data(), utf8proc_ssize_t(values.size()),
                               static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  std::vector<Part> own;  // the parts of one composed character
  std::vector<bool> used(parts.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < std::size_t(std::max<utf8proc_ssize_t>(count, 0)); ++i) {
    while (used[next]) ++next;
    out.push_back({values[i], combining_class(values[i]), parts[next].origin});
    own.clear();
    decompose(char32_t(values[i]), Form::kNfd, {}, own);
    std::size_t at = next;
    for (const Part& part : own) {
      while (at < parts.size() && (used[at] || parts[at].value != part.value)) ++at;
      if (at < parts.size()) used[at] = true;
    }
    used[next] = true;
  }
}

/// The same for all parts: a mark that Unicode 9 does not know is composed with nothing.
void compose_all(std::vector<Part>& parts) {
  std::vector<Part> composed;
  const std::span<const Part> all(parts);
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && !is_new_mark(char32_t(all[end].value))) ++end;
    compose(all.subspan(begin, end - begin), composed);
    if (end < all.size()) composed.push_back(all[end++]);
    begin = end;
  }
  parts = std::move(composed);
}

}  // namespace

bool is_combining_mark(char32_t c) noexcept {
  if (c < 0x300) return false;
  return (is_mark(c) && !is_new_mark(c)) || c == 0x1CF2 || c == 0x1CF3;
}

bool UnicodeForm::apply(const NormalizedText& in, NormalizedText& out) const {
  const char32_t first = first_changing(form_);
  bool changes = false;
  for (std::size_t at = 0; at < in.text.size() && !changes;) {
    const CodePoint next = next_code_point(in.text, at);
    changes = next.value >= first;
    at += next.size;
  }
  if (!changes) return false;
  const bool traced = !in.origins.empty();
  std::vector<Part> parts;
  for (std::size_t at = 0; at < in.text.size();) {
    const CodePoint next = next_code_point(in.text, at);
    decompose(next.value, form_, traced ? in.origins[at] : Span{}, parts);
    at += next.size;
  }
  reorder(parts);
  if (is_composed(form_)) compose_all(parts);
  std::string bytes;
  for (const Part& part : parts) {
    bytes.clear();
    append_utf8(bytes, char32_t(part.value));
    out.append(bytes, part.origin, traced);
  }
  return true;
}

bool StripAccents::apply(const NormalizedText& in, NormalizedText& out) const {
  std::size_t done = 0;
  bool changed = false;
  for (std::size_t at = 0; at < in.text.size();) {
    const CodePoint next = next_code_point(in.text, at);
    if (is_combining_mark(next.value)) {
      out.append(in, done, at);
      done = at + next.size;
      changed = true;
    }
    at += next.size;
  }
  if (changed) out.append(in, done, in.text.size());
  return changed;
}

}  // namespace enlace
