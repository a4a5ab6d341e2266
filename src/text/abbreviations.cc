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
  return find(tables, form.substr(0, form.size() - 1));
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

/// `text` with the long forms alone where it explains a short form.
std::string without_explanations(std::string_view text) {
  std::string plain;
  std::size_t at = 0;
  for (const Explanation& one : find_explanations(text)) {
    const bool short_inside = one.short_form.begin > one.bracket.begin;
    const std::size_t end = short_inside ? one.long_form.end : one.short_form.begin;
    if (end < at) continue;  // inside what an explanation before it took
    append_apart(plain, text.substr(at, end - at));
    if (!short_inside) append_apart(plain, one.long_form.of(text));
    plain += one.remark.of(text);
    at = one.bracket.end;
  }
  append_apart(plain, text.substr(at));
  return plain;
}

}  // namespace

bool add_abbreviation(Abbreviations& table, std::string_view short_form,
                      std::string_view long_form) {
  if (short_form.find_first_of(" \t") != short_form.npos) return false;
  std::vector<Span> words;
  find_words(short_form, words);
  if (words.empty()) return false;
  LongForms& long_forms = table[joined(short_form, words)];
  const bool known = std::ranges::any_of(
      long_forms, [&](const std::string& other) { return folded(other) == folded(long_form); });
  if (!known && long_forms.size() < kMostReadings) long_forms.emplace_back(long_form);
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
    found.push_back({span, long_forms});
  }
  return found;
}

std::vector<std::string> readings(std::string_view text, Tables tables) {
  std::vector<std::string> out;
  const std::string plain = without_explanations(text);
  if (plain != text) out.push_back(plain);
  const std::vector<ShortForm> forms = find_short_forms(plain, tables);
  if (!forms.empty() && forms.size() <= kMostShortForms) write_out(plain, forms, "", 0, out);
  return out;
}

}  // namespace enlace
