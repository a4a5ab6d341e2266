#include "link/mention_finder.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/utf8.h"
#include "link/text_forms.h"
#include "text/explained_abbreviations.h"
#include "text/words.h"

namespace enlace {
namespace {

/// The stem key of a span that grows word by word. A blank separates the words of a key whatever
/// surrounds it, so the key of a span is the keys of its parts between blanks, joined. A part comes
/// back for every beginning of a span before it, and is remembered.
class GrowingKey {
 public:
  GrowingKey(const NameForms& forms, std::string_view text) noexcept : forms_(forms), text_(text) {}

  void begin(Span word) {
    whole_.clear();
    part_ = word.begin;
    end_ = word.begin;
  }

  /// The key up to `end`, among the signs behind the last word. Valid until the next call.
  std::string_view with_signs(std::size_t end) {
    key_ = whole_;
    join(key_, key_of(text_.substr(part_, end - part_)));
    return key_;
  }

  /// The key up to the end of `word`, the next one. Valid until the next call.
  std::string_view extend(Span word) {
    const std::size_t blank = text_.substr(end_, word.begin - end_).find_last_of(" \t\r\n");
    if (blank != std::string_view::npos) {
      const std::size_t next = end_ + blank + 1;
      join(whole_, key_of(text_.substr(part_, next - part_)));
      part_ = next;
    }
    end_ = word.end;
    return with_signs(end_);
  }

 private:
  static constexpr std::size_t kMostKnown = 1 << 16;

  static void join(std::string& key, std::string_view more) {
    if (!key.empty() && !more.empty()) key += ' ';
    key += more;
  }

  std::string_view key_of(std::string_view part) {
    if (known_.size() == kMostKnown) known_.clear();
    const auto [entry, is_new] = known_.try_emplace(part);
    if (is_new) forms_.stems(part, entry->second);
    return entry->second;
  }

  const NameForms& forms_;
  std::string_view text_;
  std::size_t part_ = 0;  // where the part that is not in whole_ begins
  std::size_t end_ = 0;
  std::string whole_, key_;
  std::unordered_map<std::string_view, std::string> known_;
};

/// Ends of the characters that follow `word` before a blank or the next word: "+" and ")" of
/// "HER2+)".
std::vector<std::uint32_t> ends_of_signs(std::string_view text, Span word, std::size_t next_word) {
  constexpr std::size_t kMostSigns = 4;
  std::vector<std::uint32_t> ends;
  for (std::size_t at = word.end; at < next_word && ends.size() < kMostSigns;) {
    if (std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos) break;
    do ++at;
    while (at < next_word && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80);
    ends.push_back(static_cast<std::uint32_t>(at));
  }
  return ends;
}

/// Whether a name is short and has capitals beyond the first letter: "NO", "IgE".
bool is_abbreviation(std::string_view name) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return count_code_points(name) <= MentionFinder::kShortLetters &&
         std::ranges::count_if(name, is_capital) >= 2;
}

}  // namespace

bool MentionFinder::is_name(std::string_view span, std::string_view key) const {
  return std::ranges::any_of(parts_, [&](const KbPart& part) { return is_name(part, span, key); });
}

/// The short forms in `text` of which a long form is a name, in order.
std::vector<Span> MentionFinder::short_names(std::string_view text) const {
  std::vector<Span> found;
  if (abbreviations_.empty()) return found;
  const Abbreviations explained = explained_abbreviations(text, abbreviations_);
  const Abbreviations* const tables[] = {&explained, &abbreviations_};
  const std::vector<ShortForm> forms = find_short_forms(text, tables);
  std::unordered_map<const void*, bool> known;  // by the long forms of one short form
  std::string key;
  for (const ShortForm& form : forms) {
    if (form.among_capitals) continue;
    const auto [entry, is_new] = known.try_emplace(form.long_forms);
    if (is_new) {
      entry->second = std::ranges::any_of(*form.long_forms, [&](const std::string& long_form) {
        forms_.stems(long_form, key);
        return is_name(long_form, key);
      });
    }
    if (entry->second) found.push_back(form.span);
  }
  return found;
}

bool MentionFinder::is_name(const KbPart& part, std::string_view span, std::string_view key) const {
  const KnowledgeBase& kb = part.folder->kb;
  for (const TextId text :
       part.folder->stems.find(key, text_forms(kb, forms_, &NameForms::stems))) {
    if (is_abbreviation(kb.text(text)) && kb.text(text) != span) continue;
    const auto names = kb.names_with_text(text);
    const bool allowed = std::any_of(names.begin(), names.end(),
                                     [&](NameId name) { return part.scope.allows(name); });
    if (allowed) return true;
  }
  return false;
}

std::vector<Mention> MentionFinder::find(std::string_view text) const {
  std::vector<Span> words;
  find_words(text, words);
  const std::vector<Span> shorts = short_names(text);
  auto next_short = shorts.begin();
  std::vector<Mention> mentions;
  GrowingKey key(forms_, text);
  for (std::size_t first = 0; first < words.size();) {
    const std::size_t begin = words[first].begin;
    std::uint32_t end = 0;  // of the longest name that begins here
    key.begin(words[first]);
    for (std::size_t last = first; last < std::min(first + kMaxWords, words.size()); ++last) {
      const std::string_view plain = key.extend(words[last]);
      if (is_name(text.substr(begin, words[last].end - begin), plain)) end = words[last].end;
      const std::size_t next = last + 1 < words.size() ? words[last + 1].begin : text.size();
      const auto signs_end = ends_of_signs(text, words[last], next);
      if (signs_end.empty()) continue;
      std::string known(plain);
      for (const std::uint32_t signs : signs_end) {
        const std::string_view longer = key.with_signs(signs);
        if (longer == known) continue;  // a sign that keys leave out
        known = longer;
        if (is_name(text.substr(begin, signs - begin), known)) end = signs;
      }
    }
    while (next_short != shorts.end() && next_short->begin < begin) ++next_short;
    if (end == 0 && next_short != shorts.end() && next_short->begin == begin) end = next_short->end;
    if (end > 0) mentions.push_back(mention_at(text, begin, end));
    do ++first;
    while (first < words.size() && words[first].begin < end);
  }
  return mentions;
}

}  // namespace enlace
