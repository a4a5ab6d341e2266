#include "link/mention_finder.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/utf8.h"
#include "link/text_forms.h"
#include "text/explained_abbreviations.h"
#include "text/letter_case.h"
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

  /// The key up to the end of `word`, the next one. Valid until the next call.
  std::string_view extend(Span word) {
    const std::size_t blank = text_.substr(end_, word.begin - end_).find_last_of(" \t\r\n");
    if (blank != std::string_view::npos) {
      const std::size_t next = end_ + blank + 1;
      join(whole_, key_of(text_.substr(part_, next - part_)));
      part_ = next;
    }
    end_ = word.end;
    key_ = whole_;
    join(key_, key_of(text_.substr(part_, end_ - part_)));
    return key_;
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

/// Whether a name is short and has capitals beyond the first letter: "NO", "IgE".
bool is_abbreviation(std::string_view name) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return count_code_points(name) <= MentionFinder::kShortLetters &&
         std::ranges::count_if(name, is_capital) >= 2;
}

bool has_short_form(std::string_view word, std::span<const Abbreviations* const> tables) {
  return std::ranges::any_of(tables,
                             [&](const Abbreviations* table) { return table->contains(word); });
}

/// Whether a word beside words[i] is in capitals and none of the short forms: then words[i] may be
/// an everyday word in capitals too.
bool among_capitals(std::string_view text, std::span<const Span> words, std::size_t i,
                    std::span<const Abbreviations* const> tables) {
  const auto in_capitals = [&](const Span& word) {
    std::string lower, upper;
    lower_case(word.of(text), lower);
    upper_case(word.of(text), upper);
    return upper == word.of(text) && lower != upper && !has_short_form(word.of(text), tables);
  };
  return (i > 0 && in_capitals(words[i - 1])) ||
         (i + 1 < words.size() && in_capitals(words[i + 1]));
}

}  // namespace

bool MentionFinder::is_name(std::string_view span, std::string_view key) const {
  return std::ranges::any_of(parts_, [&](const KbPart& part) { return is_name(part, span, key); });
}

bool MentionFinder::stands_for_name(std::string_view word, Tables tables) const {
  std::string key;
  for (const Abbreviations* table : tables) {
    const auto entry = table->find(word);
    if (entry == table->end()) continue;
    return std::ranges::any_of(entry->second, [&](const std::string& long_form) {
      forms_.stems(long_form, key);
      return is_name(long_form, key);
    });
  }
  return false;
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
  Abbreviations explained;
  if (!abbreviations_.empty()) explained = explained_abbreviations(text);
  const Abbreviations* const tables[] = {&explained, &abbreviations_};
  std::vector<Mention> mentions;
  GrowingKey key(forms_, text);
  for (std::size_t first = 0; first < words.size();) {
    const std::size_t begin = words[first].begin;
    std::size_t count = 0;  // words of the longest name that begins here
    key.begin(words[first]);
    for (std::size_t last = first; last < std::min(first + kMaxWords, words.size()); ++last) {
      const std::string_view span = text.substr(begin, words[last].end - begin);
      const std::string_view grown = key.extend(words[last]);
      if (is_name(span, grown)) count = last - first + 1;
    }
    if (count == 0 && stands_for_name(words[first].of(text), tables) &&
        !among_capitals(text, words, first, tables)) {
      count = 1;
    }
    if (count > 0) mentions.push_back(mention_at(text, begin, words[first + count - 1].end));
    first += std::max<std::size_t>(count, 1);
  }
  return mentions;
}

}  // namespace enlace
