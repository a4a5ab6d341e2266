#include "text/abbreviations.h"

#include <algorithm>

#include "base/utf8.h"
#include "text/explained_abbreviations.h"
#include "text/letter_case.h"
#include "text/normalizer.h"
#include "text/words.h"

namespace enlace {
namespace {

constexpr std::size_t kMostShortForms = 3;  // in one text
constexpr std::size_t kMostJoined = 8;      // words of one short form
constexpr std::size_t kAnyCase = 4;  // characters from which its case need not be that of the table

using Tables = std::span<const Abbreviations* const>;
using LongForms = std::vector<std::string>;

std::string folded(std::string_view text) {
  static const Normalizer kNormalizer("");
  std::string out;
  kNormalizer.normalize(text, out);
  return out;
}

const LongForms* find(Tables tables, std::string_view short_form) {
  for (const Abbreviations* table : tables) {
    if (const auto entry = table->find(short_form); entry != table->end()) return &entry->second;
  }
  return nullptr;
}

const LongForms* find_or_singular(Tables tables, std::string_view form) {
  const LongForms* found = find(tables, form);
  if (found != nullptr || form.size() < 3 || !form.ends_with('s')) return found;
  const std::string_view singular = form.substr(0, form.size() - 1);
  const bool small = singular.back() >= 'a' && singular.back() <= 'z';  // "Cas" is a word
  return small ? nullptr : find(tables, singular);
}

/// How many of `words`, from the first, are joined by single dots or hyphens.
std::size_t count_joined(std::string_view text, std::span<const Span> words) {
  std::size_t count = 1;
  while (count < std::min(words.size(), kMostJoined)) {
    const std::uint32_t end = words[count - 1].end;
    if (words[count].begin != end + 1 || (text[end] != '.' && text[end] != '-')) break;
    ++count;
  }
  return count;
}

std::string joined(std::string_view text, std::span<const Span> words) {
  std::string form;
  for (const Span& word : words) form += word.of(text);
  return form;
}

bool in_capitals(std::string_view word) {
  std::string lower, upper;
  lower_case(word, lower);
  upper_case(word, upper);
  return upper == word && lower != upper;
}

bool is_everyday_word(std::string_view word) {
  static constexpr std::string_view kWords[] = {
#include "text/abbreviations/everyday_words.inc"
  };
  return std::ranges::binary_search(kWords, word);
}

/// Whether a word beside the short form at `own` is in capitals, and neither a letter, a numeral
/// nor one of `forms`.
bool is_among_capitals(std::string_view text, std::span<const Span> words,
                       std::span<const ShortForm> forms, Span own) {
  const auto speaks = [&](Span word, Span between) {
    const std::string_view said = word.of(text);
    const auto begin_of = [](const ShortForm& form) { return form.span.begin; };
    return between.of(text).find_first_not_of(' ') == text.npos && count_code_points(said) > 1 &&
           in_capitals(said) && !is_roman_numeral(said) &&
           !std::ranges::binary_search(forms, word.begin, {}, begin_of);
  };
  const auto next = std::ranges::lower_bound(words, own.end, {}, &Span::begin);
  const auto first = std::ranges::lower_bound(words, own.begin, {}, &Span::begin);
  return (next != words.end() && speaks(*next, {own.end, next->begin})) ||
         (first != words.begin() && speaks(first[-1], {first[-1].end, own.begin}));
}

bool is_word_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kSigns = " ,;:.()[]/-+";
  return at < text.size() && kSigns.find(text[at]) == kSigns.npos;
}

/// Puts `part` behind `out`, with a blank where two words would become one.
void append_apart(std::string& out, std::string_view part) {
  if (!out.empty() && is_word_at(out, out.size() - 1) && is_word_at(part, 0)) out += ' ';
  out += part;
}

/// Adds `text` with its short forms written out, in every combination, while there is room.
void write_out(std::string_view text, std::span<const ShortForm> forms, const std::string& written,
               std::size_t from, LongForms& out) {
  if (out.size() == kMostReadings) return;
  if (forms.empty()) {
    out.push_back(written);
    append_apart(out.back(), text.substr(from));
    return;
  }
  const ShortForm& form = forms.front();
  for (const std::string& long_form : *form.long_forms) {
    std::string longer = written;
    append_apart(longer, text.substr(from, form.span.begin - from));
    append_apart(longer, long_form);
    write_out(text, forms.subspan(1), longer, form.span.end, out);
  }
}

bool has_same(const LongForms& long_forms, std::string_view long_form) {
  if (long_forms.empty()) return false;
  return std::ranges::find(long_forms, folded(long_form), folded) != long_forms.end();
}

/// Whether what stands in brackets behind a known short form is only a remark on it.
bool is_remark(const Explanation& one, std::string_view text, Tables tables) {
  if (one.short_inside()) return false;
  const LongForms* known = find(tables, one.short_form.of(text));
  return known != nullptr && !has_same(*known, one.long_form.of(text));
}

/// `text` with the long forms alone where it explains a short form.
std::string without_explanations(std::string_view text, Tables tables) {
  std::string plain;
  std::size_t at = 0;
  for (const Explanation& one : find_explanations(text)) {
    const std::size_t end = one.short_inside() ? one.long_form.end : one.short_form.begin;
    if (end < at || is_remark(one, text, tables)) continue;
    append_apart(plain, text.substr(at, end - at));
    if (!one.short_inside()) append_apart(plain, one.long_form.of(text));
    plain += one.remark.of(text);
    at = one.bracket.end;
  }
  append_apart(plain, text.substr(at));
  return plain;
}

}  // namespace

bool add_abbreviation(Abbreviations& table, std::string_view short_form,
                      std::string_view long_form) {
  std::vector<Span> words;
  find_words(short_form, words);
  const std::string_view end = short_form.substr(words.empty() ? 0 : words.back().end);
  if (words.empty() || words.front().begin > 0 || !(end.empty() || end == ".")) return false;
  if (count_joined(short_form, words) < words.size()) return false;
  LongForms& long_forms = table[joined(short_form, words)];
  if (long_forms.size() < kMostReadings && !has_same(long_forms, long_form)) {
    long_forms.emplace_back(long_form);
  }
  return true;
}

std::vector<ShortForm> find_short_forms(std::string_view text, Tables tables) {
  std::vector<Span> words;
  find_words(text, words);
  std::vector<ShortForm> found;
  for (std::size_t i = 0, count = 1; i < words.size(); i += count) {
    const auto rest = std::span<const Span>(words).subspan(i);
    const LongForms* long_forms = nullptr;
    for (count = count_joined(text, rest);; --count) {
      const std::string form = joined(text, rest.first(count));
      long_forms = find_or_singular(tables, form);
      if (long_forms == nullptr && count == words.size() && count_code_points(form) >= kAnyCase) {
        std::string capitals;
        upper_case(form, capitals);
        long_forms = find(tables, capitals);
      }
      if (long_forms != nullptr || count == 1) break;
    }
    if (long_forms == nullptr) continue;
    Span span{rest[0].begin, rest[count - 1].end};
    if (count > 1 && span.end < text.size() && text[span.end] == '.') ++span.end;
    found.push_back({span, long_forms, false});
  }
  for (ShortForm& form : found) {
    form.among_capitals = is_among_capitals(text, words, found, form.span);
  }
  std::erase_if(found, [&](const ShortForm& form) {
    return form.among_capitals && is_everyday_word(form.span.of(text));
  });
  return found;
}

std::vector<std::string> readings(std::string_view text, Tables tables) {
  std::vector<std::string> out;
  const std::string plain = without_explanations(text, tables);
  if (plain != text) out.push_back(plain);
  const std::vector<ShortForm> forms = find_short_forms(plain, tables);
  if (!forms.empty() && forms.size() <= kMostShortForms) write_out(plain, forms, "", 0, out);
  return out;
}

}  // namespace enlace
