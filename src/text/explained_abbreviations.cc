#include "text/explained_abbreviations.h"

#include <algorithm>
#include <optional>
#include <string>

#include "text/characters.h"
#include "text/fold.h"

namespace enlace {
namespace {

constexpr std::size_t kMostBytes = 400;   // of a long form, and of what a bracket may hold
constexpr std::size_t kMostLetters = 10;  // of a short form

/// A letter or number of a text, as it is compared.
struct Letter {
  char32_t value;  // in lower case, without diacritics
  std::uint32_t at;
  bool begins_word;
  bool capital;
};

std::vector<Letter> letters_of(std::string_view text) {
  static const FoldTable kFold;
  std::vector<Letter> letters;
  std::string folded, buffer;
  bool in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = next_code_point(text, at);
    if (is_letter(next.value) || is_number(next.value)) {
      folded = kFold.fold(next.value, buffer);
      const char32_t value = folded.empty() ? next.value : next_code_point(folded, 0).value;
      letters.push_back(
          {value, std::uint32_t(at), !in_word, lower_case_of(next.value) != next.value});
      in_word = true;
    } else if (!is_mark(next.value)) {
      in_word = false;
    }
    at += next.size;
  }
  return letters;
}

std::size_t count_words(std::span<const Letter> letters) {
  return std::size_t(std::ranges::count_if(letters, &Letter::begins_word));
}

/// Whether `text` looks as short forms do: two to ten letters and numbers in at most two words,
/// half of them capitals or more, beginning with one of them.
bool is_short_form(std::string_view text, std::span<const Letter> letters) {
  if (letters.size() < 2 || letters.size() > kMostLetters || letters.front().at != 0) return false;
  if (text.size() > 4 * kMostLetters || count_words(letters) > 2) return false;
  if (is_roman_numeral(text)) return false;
  const auto capitals = std::size_t(std::ranges::count_if(letters, &Letter::capital));
  return capitals > 0 && 2 * capitals >= letters.size();
}

/// Where in `text`, which ends with it, the long form of the short form `letters` begins.
std::optional<std::size_t> long_form_begin(std::span<const Letter> letters, std::string_view text) {
  const std::vector<Letter> within = letters_of(text);
  std::size_t at = within.size();
  for (std::size_t k = letters.size(); k-- > 0;) {
    const auto fits = [&](const Letter& letter) {
      return letter.value == letters[k].value && (k > 0 || letter.begins_word);
    };
    while (at > 0 && !fits(within[at - 1])) --at;
    if (at == 0) return std::nullopt;
    --at;
  }
  const std::span<const Letter> found = std::span(within).subspan(at);
  const std::size_t most_words = std::min(letters.size() + 5, 2 * letters.size());
  if (found.size() <= letters.size() || count_words(found) > most_words) return std::nullopt;
  return within[at].at;
}

/// Whether the letters of a short form begin words of its long form, in their order.
bool are_initials(std::span<const Letter> letters, std::string_view long_form) {
  std::size_t next = 0;
  for (const Letter& letter : letters_of(long_form)) {
    if (!letter.begins_word || next == letters.size()) continue;
    if (letter.value == letters[next].value) ++next;
  }
  return next == letters.size();
}

Span trimmed_span(std::string_view text, std::size_t begin, std::size_t end) {
  while (begin < end && text[begin] == ' ') ++begin;
  while (end > begin && text[end - 1] == ' ') --end;
  return {std::uint32_t(begin), std::uint32_t(end)};
}

/// The clause that ends at text[end].
Span clause_before(std::string_view text, std::size_t end) {
  std::size_t begin = end > kMostBytes ? end - kMostBytes : 0;
  while (begin < end && is_utf8_continuation(text[begin])) ++begin;
  const std::size_t last = text.substr(begin, end - begin).find_last_of(".;:()\n\t");
  return trimmed_span(text, last == text.npos ? begin : begin + last + 1, end);
}

/// What the bracket text[open, close] and the words before it explain, if they do.
std::optional<Explanation> explanation_at(std::string_view text, std::size_t open,
                                          std::size_t close) {
  const Span before = clause_before(text, open);
  const std::size_t part = text.substr(open + 1, close - open - 1).find_first_of(",;");
  const std::size_t end = part == text.npos ? close : open + 1 + part;
  const Span inside = trimmed_span(text, open + 1, end);
  const std::size_t blank = before.of(text).find_last_of(' ');
  const Span word{blank == text.npos ? before.begin : std::uint32_t(before.begin + blank + 1),
                  before.end};
  const auto explained = [&](Span short_form, Span long_form, std::span<const Letter> letters) {
    const Span bracket{std::uint32_t(open), std::uint32_t(close + 1)};
    const Span remark{std::uint32_t(end), std::uint32_t(close)};
    return Explanation{short_form, long_form, bracket, remark,
                       are_initials(letters, long_form.of(text))};
  };
  const std::vector<Letter> inner = letters_of(inside.of(text));
  if (is_short_form(inside.of(text), inner)) {
    const auto begin = long_form_begin(inner, before.of(text));
    if (!begin) return std::nullopt;
    const Span long_form{std::uint32_t(before.begin + *begin), before.end};
    if (long_form.of(text).find(inside.of(text)) != text.npos) return std::nullopt;
    return explained(inside, long_form, inner);
  }
  const std::vector<Letter> outer = letters_of(word.of(text));
  if (!is_short_form(word.of(text), outer)) return std::nullopt;
  if (long_form_begin(outer, inside.of(text)) != std::size_t{0}) return std::nullopt;
  return explained(word, inside, outer);
}

}  // namespace

std::vector<Explanation> find_explanations(std::string_view text) {
  std::vector<Explanation> found;
  for (std::size_t open = text.find('('); open != text.npos;) {
    const std::size_t other = text.substr(open + 1, kMostBytes).find_first_of("()");
    std::size_t next = open + 1;
    if (other != text.npos && text[next + other] == ')') {
      const std::size_t close = next + other;
      if (const auto explanation = explanation_at(text, open, close)) found.push_back(*explanation);
      next = close + 1;
    }
    open = text.find('(', next);
  }
  return found;
}

Abbreviations explained_abbreviations(std::string_view text, const Abbreviations& known) {
  Abbreviations explained;
  for (const Explanation& one : find_explanations(text)) {
    const std::string_view short_form = one.short_form.of(text);
    const bool is_sure = one.by_initials && one.short_inside();
    if (!is_sure && known.contains(short_form)) continue;
    add_abbreviation(explained, short_form, one.long_form.of(text));
  }
  return explained;
}

bool is_roman_numeral(std::string_view word) {
  return word.find_first_not_of("IVX") == word.npos;
}

}  // namespace enlace
