// Mentions as somebody might write them for the names of a knowledge base.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "kb/knowledge_base.h"

namespace enlace {

/// How a mention differs from the name that it is made from.
inline constexpr std::array<std::string_view, 5> kMentionKinds = {
    "as it is", "other case", "a letter changed", "a word dropped", "words reversed"};

struct MadeMention {
  std::string text;
  std::size_t kind;  // of kMentionKinds
};

inline std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

inline std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

inline MadeMention made_mention(std::string name, Random& random) {
  std::vector<std::string> words = words_of(name);
  const std::size_t kind = random.below(kMentionKinds.size());
  switch (kind) {
    case 0: return {name, kind};
    case 1:
      for (char& c : name) c = c >= 'a' && c <= 'z' ? char(c - 32) : c;
      return {name, kind};
    case 2: {  // an ASCII letter becomes another
      const std::size_t at = random.below(name.size());
      if (name[at] >= 'a' && name[at] <= 'z') name[at] = char('a' + random.below(26));
      return {name, kind};
    }
    case 3:
      if (words.size() > 1) words.erase(words.begin() + std::ptrdiff_t(random.below(words.size())));
      return {joined(words), kind};
    default: std::reverse(words.begin(), words.end()); return {joined(words), kind};
  }
}

/// `count` mentions of names drawn from all texts of `kb`; the same for the same seed.
inline std::vector<MadeMention> made_mentions(const KnowledgeBase& kb, std::size_t count,
                                              std::uint64_t seed) {
  Random random(seed);
  std::vector<MadeMention> mentions;
  for (std::size_t i = 0; i < count; ++i) {
    mentions.push_back(
        made_mention(std::string(kb.text(TextId(random.below(kb.text_count())))), random));
  }
  return mentions;
}

}  // namespace enlace
