#include "text/abbreviations.h"

#include <algorithm>

#include "base/ascii.h"
#include "text/explained_abbreviations.h"
#include "text/letter_case.h"
#include "text/span.h"
#include "text/words.h"

namespace enlace {
namespace {

constexpr std::size_t kMostShortForms = 3;  // in one text

using Tables = std::span<const Abbreviations* const>;
using LongForms = std::vector<std::string>;

/// A short form of a text and what it may stand for.
struct ShortForm {
  Span span;
  const LongForms* long_forms;
};

const LongForms* find(Tables tables, std::string_view short_form) {
  for (const Abbreviations* table : tables) {
    if (const auto entry = table->find(short_form); entry != table->end()) return &entry->second;
  }
  return nullptr;
}

const LongForms* find_singular(Tables tables, std::string_view short_form) {
  if (short_form.size() < 3 || !short_form.ends_with('s')) return nullptr;
  return find(tables, short_form.substr(0, short_form.size() - 1));
}

/// How many of `words`, from the first, are the letters of one form with dots, "E.P.O.C."; 1 if it
/// is no such form.
std::size_t count_dotted(std::string_view text, std::span<const Span> words) {
  std::size_t count = 0;
  while (count < words.size() && words[count].size() == 1) {
    if (count > 0 && words[count].begin != words[count - 1].end + 1) break;
    if (words[count].end == text.size() || text[words[count].end] != '.') {
      ++count;
      break;
    }
    ++count;
  }
  return std::max<std::size_t>(count, 1);
}

std::vector<ShortForm> find_short_forms(std::string_view text, Tables tables) {
  std::vector<Span> words;
  find_words(text, words);
  std::vector<ShortForm> found;
  std::string form;
  for (std::size_t i = 0, count = 1; i < words.size(); i += count) {
    count = count_dotted(text, std::span(words).subspan(i));
    form.clear();
    for (std::size_t j = i; j < i + count; ++j) form += words[j].of(text);
    Span span{words[i].begin, words[i + count - 1].end};
    if (count > 1 && span.end < text.size() && text[span.end] == '.') ++span.end;
    const LongForms* long_forms = find(tables, form);
    if (long_forms == nullptr) long_forms = find_singular(tables, form);
    if (long_forms != nullptr) found.push_back({span, long_forms});
  }
  if (found.empty() && words.size() == 1 && words[0].of(text) == trimmed(text)) {
    upper_case(words[0].of(text), form);
    if (const LongForms* long_forms = find(tables, form)) found.push_back({words[0], long_forms});
  }
  return found;
}

/// Adds `text` with its short forms written out, in every combination, while there is room.
void write_out(std::string_view text, std::span<const ShortForm> forms, std::string& written,
               std::size_t from, LongForms& out) {
  if (out.size() == kMostReadings) return;
  if (forms.empty()) {
    out.push_back(written + std::string(text.substr(from)));
    return;
  }
  const ShortForm& form = forms.front();
  const std::size_t before = written.size();
  for (const std::string& long_form : *form.long_forms) {
    written += text.substr(from, form.span.begin - from);
    written += long_form;
    write_out(text, forms.subspan(1), written, form.span.end, out);
    written.resize(before);
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
    plain += text.substr(at, end - at);
    if (!short_inside) plain += one.long_form.of(text);
    at = one.bracket.end;
  }
  plain += text.substr(at);
  return plain;
}

}  // namespace

std::vector<std::string> readings(std::string_view text, Tables tables) {
  std::vector<std::string> out;
  const std::string plain = without_explanations(text);
  if (plain != text) out.push_back(plain);
  const std::vector<ShortForm> forms = find_short_forms(plain, tables);
  std::string written;
  if (!forms.empty() && forms.size() <= kMostShortForms) write_out(plain, forms, written, 0, out);
  return out;
}

}  // namespace enlace
