#include "text/split_pattern.h"

#include <algorithm>

#include "text/bert_characters.h"
#include "text/characters.h"
#include "text/regex_classes.h"

namespace enlace {
namespace {

struct KnownPattern {
  std::string_view regex;
  PatternKind kind;
};

constexpr KnownPattern kKnownPatterns[] = {
    {R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
     PatternKind::kGpt2},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     PatternKind::kQwen2},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     PatternKind::kLlama3},
    {R"(\s+)", PatternKind::kWhiteSpace},
};

/// Where the run of characters from text[at] on that `holds` ends, at most `most` of them.
template <class Holds>
std::size_t run_end(std::string_view text, std::size_t at, const Holds& holds,
                    std::size_t most = SIZE_MAX) noexcept {
  for (; at < text.size() && most > 0; --most) {
    const CodePoint next = next_code_point(text, at);
    if (!holds(next.value)) break;
    at += next.size;
  }
  return at;
}

bool is_symbol(char32_t c) noexcept {
  return !is_white_space(c) && !is_regex_letter(c) && !is_regex_number(c);
}

bool is_line_end(char32_t c) noexcept {
  return c == '\r' || c == '\n';
}

/// The size of 's, 't, 're, 've, 'm, 'll or 'd at text[at], 0 if it is none; `folded` takes
/// capitals, and the long s, as well.
std::size_t contraction(std::string_view text, std::size_t at, bool folded) noexcept {
  if (text[at] != '\'') return 0;
  const std::string_view rest = text.substr(at + 1, 2);
  const auto letter = [&](std::size_t i) {
    const char c = i < rest.size() ? rest[i] : '\0';
    return folded && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  const char first = letter(0);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
  if (folded && rest == "\u017F") return 3;
  const char second = letter(1);
  const bool known = (first == 'r' && second == 'e') || (first == 'v' && second == 'e') ||
                     (first == 'l' && second == 'l');
  return known ? 3 : 0;
}

/// \s+(?!\S)|\s+ at text[at], where white space is: all of it but the last character, unless the
/// text ends there or there is but one.
std::size_t white_space(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  std::size_t last = at;
  while (end < text.size()) {
    const CodePoint next = next_code_point(text, end);
    if (!is_white_space(next.value)) break;
    last = end;
    end += next.size;
  }
  return (end == text.size() || last == at ? end : last) - at;
}

std::size_t match_gpt2(std::string_view text, std::size_t at) noexcept {
  if (const std::size_t size = contraction(text, at, false)) return size;
  std::size_t begin = at + (text[at] == ' ' && at + 1 < text.size() ? 1 : 0);
  const char32_t c = next_code_point(text, begin).value;
  if (is_white_space(c)) return white_space(text, at);
  if (is_regex_letter(c)) return run_end(text, begin, is_regex_letter) - at;
  if (is_regex_number(c)) return run_end(text, begin, is_regex_number) - at;
  return run_end(text, begin, is_symbol) - at;
}

std::size_t match_with_line_ends(std::string_view text, std::size_t at,
                                 std::size_t digits) noexcept {
  if (const std::size_t size = contraction(text, at, true)) return size;
  const CodePoint first = next_code_point(text, at);
  if (is_regex_letter(first.value)) return run_end(text, at, is_regex_letter) - at;
  if (is_regex_number(first.value)) return run_end(text, at, is_regex_number, digits) - at;
  const std::size_t after = at + first.size;
  const bool has_next = after < text.size();
  const char32_t next = has_next ? next_code_point(text, after).value : U' ';
  if (!is_line_end(first.value) && is_regex_letter(next)) {
    return run_end(text, after, is_regex_letter) - at;
  }
  if (!is_white_space(first.value) || (first.value == ' ' && has_next && is_symbol(next))) {
    return run_end(text, run_end(text, after, is_symbol), is_line_end) - at;
  }
  const std::size_t end = run_end(text, at, is_white_space);
  const std::size_t line_end = text.substr(at, end - at).find_last_of("\r\n");
  return line_end != text.npos ? line_end + 1 : white_space(text, at);
}

}  // namespace

std::optional<PatternKind> known_pattern(std::string_view regex) noexcept {
  for (const KnownPattern& known : kKnownPatterns) {
    if (regex == known.regex) return known.kind;
  }
  return {};
}

std::size_t match_at(const SplitPattern& pattern, std::string_view text, std::size_t at) noexcept {
  const auto one_if = [&](auto holds) { return run_end(text, at, holds, 1) - at; };
  switch (pattern.kind) {
    case PatternKind::kLiteral:
      return text.substr(at).starts_with(pattern.literal) ? pattern.literal.size() : 0;
    case PatternKind::kWhiteSpace: return run_end(text, at, is_white_space) - at;
    case PatternKind::kWordsAndMarks:
      if (const std::size_t end = run_end(text, at, is_regex_word); end > at) return end - at;
      return run_end(text, at, [](char32_t c) { return !is_regex_word(c) && !is_white_space(c); }) -
             at;
    case PatternKind::kPunctuation: return one_if(is_bert_punctuation);
    case PatternKind::kDigit: return one_if(is_regex_digit);
    case PatternKind::kDigits: return run_end(text, at, is_regex_digit) - at;
    case PatternKind::kGpt2: return match_gpt2(text, at);
    case PatternKind::kQwen2: return match_with_line_ends(text, at, 1);
    case PatternKind::kLlama3: return match_with_line_ends(text, at, 3);
  }
  return 0;
}

}  // namespace enlace
