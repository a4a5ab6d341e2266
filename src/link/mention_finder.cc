#include "link/mention_finder.h"

#include <algorithm>

#include "base/utf8.h"
#include "text/words.h"

namespace enlace {

bool MentionFinder::is_name(std::string_view span, std::string& key) const {
  normalizer_.stem_key(span, key);
  const auto row = folder_.stems.forms.find(key);
  if (!row) return false;
  const bool is_short = count_code_points(span) <= kShortLetters;
  for (const TextId text : folder_.stems.texts.texts_of(*row)) {
    if (is_short && folder_.kb.text(text) != span) continue;
    const auto names = folder_.kb.names_with_text(text);
    if (scope_ == nullptr || std::any_of(names.begin(), names.end(),
                                         [&](NameId name) { return scope_->allows(name); })) {
      return true;
    }
  }
  return false;
}

std::vector<Mention> MentionFinder::find(std::string_view text) const {
  std::vector<Span> words;
  find_words(text, words);
  std::vector<Mention> mentions;
  std::string key;
  for (std::size_t first = 0; first < words.size();) {
    std::size_t count = std::min(kMaxWords, words.size() - first);
    const std::size_t begin = words[first].begin;
    while (count > 0 && !is_name(text.substr(begin, words[first + count - 1].end - begin), key)) {
      --count;
    }
    if (count > 0) mentions.push_back(mention_at(text, begin, words[first + count - 1].end));
    first += std::max<std::size_t>(count, 1);
  }
  return mentions;
}

}  // namespace enlace
