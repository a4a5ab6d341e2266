#include "text/skeleton.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace enlace {
namespace {

struct Respelling {
  std::string_view from, to;
};

// Applied one after the other, each to the whole word. The order matters: "sch" loses its h before
// "ch" becomes c.
constexpr std::array<Respelling, 18> kRespellings{{{"ß", "ss"},
                                                   {"æ", "e"},
                                                   {"œ", "e"},
                                                   {"ø", "o"},
                                                   {"ph", "f"},
                                                   {"sch", "sc"},
                                                   {"th", "t"},
                                                   {"rh", "r"},
                                                   {"ch", "c"},
                                                   {"qu", "c"},
                                                   {"ae", "e"},
                                                   {"oe", "e"},
                                                   {"k", "c"},
                                                   {"z", "c"},
                                                   {"y", "i"},
                                                   {"j", "i"},
                                                   {"w", "v"},
                                                   {"h", ""}}};

// Applied to the end of a word, the first that fits.
constexpr std::array<Respelling, 3> kEndings{{{"tie", "cion"}, {"dad", "t"}, {"tad", "t"}}};

constexpr std::string_view kVowels = "aeiou";
constexpr std::size_t kShortestStem = 3;  // letters that must be left when an ending is dropped

/// The letters of a word as bits, a for the lowest; bit 26 for anything beyond ASCII.
constexpr std::uint32_t letters_of(std::string_view word) {
  std::uint32_t letters = 0;
  for (const char c : word) {
    if (c >= 'a' && c <= 'z') letters |= 1U << unsigned(c - 'a');
    if (static_cast<unsigned char>(c) >= 0x80) letters |= 1U << 26U;
  }
  return letters;
}

constexpr auto kLettersOfRespellings = [] {
  std::array<std::uint32_t, kRespellings.size()> letters{};
  for (std::size_t i = 0; i < letters.size(); ++i) letters[i] = letters_of(kRespellings[i].from);
  return letters;
}();

void replace_all(std::string& word, Respelling rule) {
  for (std::size_t at = word.find(rule.from); at != word.npos;
       at = word.find(rule.from, at + rule.to.size())) {
    word.replace(at, rule.from.size(), rule.to);
  }
}

constexpr char kByItsNeighbours = 0;

/// What the respellings make of an ASCII character by itself.
constexpr std::array<char, 0x80> kRespelt = [] {
  std::array<char, 0x80> respelt{};
  for (std::size_t c = 1; c < respelt.size(); ++c) respelt[c] = static_cast<char>(c);
  for (const Respelling& rule : kRespellings) {
    if (rule.from.size() == 1)
      respelt[std::size_t(rule.from[0])] = rule.to.empty() ? '\0' : rule.to[0];
  }
  for (const char c : std::string_view("peqh")) respelt[std::size_t(c)] = kByItsNeighbours;
  return respelt;
}();

/// What kRespellings, one after the other, make of an ASCII word without zeros, in one pass. Every
/// h goes in the end, so that of the rules with an h only "ph" does more; what goes with it are the
/// two vowels that it keeps apart.
void respell_ascii(std::string& word) {
  std::size_t size = 0;
  std::size_t beside = 0;  // how many of the last letters written have stood side by side
  const auto drop = [&](char vowel) {
    if (beside == 0 || word[size - 1] != vowel) return;
    --size;
    --beside;
  };
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    char respelt = kRespelt[static_cast<unsigned char>(c)];
    if (respelt == kByItsNeighbours) {
      const char next = i + 1 < word.size() ? word[i + 1] : '\0';
      if (c == 'h') {
        beside = 0;
        continue;
      }
      respelt = c;
      if (c == 'e') {
        drop('a');
        drop('o');
      } else if (c == 'p' && next == 'h') {
        respelt = 'f';
        ++i;
      } else if (c == 'q' && next == 'u') {
        respelt = 'c';
        ++i;
      }
    }
    word[size++] = respelt;
    ++beside;
  }
  word.resize(size);
}

/// "cc" as "c"; digits and what is not ASCII stay as they are.
void single_letters(std::string& word) {
  const auto doubled = [](char a, char b) { return a == b && a >= 'a' && a <= 'z'; };
  word.erase(std::unique(word.begin(), word.end(), doubled), word.end());
}

/// Drops vowels, and an s behind them, from the end.
void drop_ending(std::string& word) {
  std::size_t size = word.size();
  if (size > 0 && word[size - 1] == 's') --size;
  while (size > 0 && kVowels.find(word[size - 1]) != kVowels.npos) --size;
  if (size >= kShortestStem) word.resize(size);
}

void respell_letters(std::string& word) {
  const auto is_plain = [](char c) { return c > 0; };
  if (std::all_of(word.begin(), word.end(), is_plain)) return respell_ascii(word);
  std::uint32_t letters = letters_of(word);
  for (std::size_t i = 0; i < kRespellings.size(); ++i) {
    if ((letters & kLettersOfRespellings[i]) != kLettersOfRespellings[i]) continue;
    replace_all(word, kRespellings[i]);
    letters = letters_of(word);
  }
}

void respell(std::string& word) {
  respell_letters(word);
  replace_all(word, {"tion", "cion"});
  single_letters(word);
  for (const Respelling& ending : kEndings) {
    if (!word.ends_with(ending.from)) continue;
    word.replace(word.size() - ending.from.size(), ending.from.size(), ending.to);
    break;
  }
  drop_ending(word);
}

}  // namespace

void skeleton_of(std::string_view match_key, std::string& out) {
  out.clear();
  std::string word;
  for (std::size_t begin = 0; begin < match_key.size();) {
    const std::size_t end = std::min(match_key.find(' ', begin), match_key.size());
    word.assign(match_key.substr(begin, end - begin));
    respell(word);
    if (!out.empty()) out += ' ';
    out += word;
    begin = end + 1;
  }
}

}  // namespace enlace
