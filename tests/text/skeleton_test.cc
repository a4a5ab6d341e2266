#include "text/skeleton.h"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace enlace {
namespace {

std::string skeleton(std::string_view key) {
  std::string out = "left over";
  skeleton_of(key, out);
  return out;
}

TEST(Skeleton, BringsRelatedWordsTogether) {
  EXPECT_EQ(skeleton("cholecystitis"), skeleton("colecistitis"));
  EXPECT_EQ(skeleton("hypertension"), skeleton("hipertension"));
  EXPECT_EQ(skeleton("infection"), skeleton("infeccion"));
  EXPECT_EQ(skeleton("diarrhoea"), skeleton("diarrea"));
  EXPECT_EQ(skeleton("diarrhoe"), skeleton("diarrhee"));
}

/// The rules as they stand in skeleton.cc, one after the other.
std::string respelt_slowly(std::string word) {
  const auto replace = [&](std::string_view from, std::string_view to) {
    for (std::size_t at = word.find(from); at != word.npos; at = word.find(from, at + to.size())) {
      word.replace(at, from.size(), to);
    }
  };
  for (const auto& [from, to] :
       std::initializer_list<std::pair<const char*, const char*>>{{"ph", "f"},
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
                                                                  {"h", ""},
                                                                  {"tion", "cion"}}) {
    replace(from, to);
  }
  std::string single;
  for (const char c : word) {
    if (single.empty() || single.back() != c || c < 'a' || c > 'z') single += c;
  }
  for (const auto& [from, to] : std::initializer_list<std::pair<std::string, const char*>>{
           {"tie", "cion"}, {"dad", "t"}, {"tad", "t"}}) {
    if (!single.ends_with(from)) continue;
    single.replace(single.size() - from.size(), from.size(), to);
    break;
  }
  std::size_t size = single.size();
  if (size > 0 && single[size - 1] == 's') --size;
  while (size > 0 && std::string_view("aeiou").find(single[size - 1]) != std::string::npos) --size;
  return size >= 3 ? single.substr(0, size) : single;
}

TEST(Skeleton, IsWhatItsRulesMakeOneAfterTheOther) {
  // All words of up to six of the letters that rules join, then longer ones of all letters.
  constexpr std::string_view kLetters = "aeohcpqu";
  std::vector<std::string> words = {""};
  for (std::size_t i = 0; words[i].size() < 6; ++i) {
    for (const char c : kLetters) words.push_back(words[i] + c);
  }
  Random random(5);
  constexpr std::string_view kMore = "aeohtpsrcquikzyjwndb2.%";
  for (int i = 0; i < 200'000; ++i) {
    std::string& word = words.emplace_back();
    for (std::size_t size = random.below(14); size > 0; --size) word += kMore[random.below(23)];
  }
  for (const std::string& word : words) ASSERT_EQ(skeleton(word), respelt_slowly(word)) << word;
}

TEST(Skeleton, IsWordByWord) {
  EXPECT_EQ(skeleton("insuffisance renale chronique"), "insufisanc renal cronic");
  EXPECT_EQ(skeleton("sensibilidad"), "sensibilit");
  EXPECT_EQ(skeleton(""), "");
}

TEST(Skeleton, LeavesShortWordsDigitsAndOtherScriptsAlone) {
  EXPECT_EQ(skeleton("ojo"), "oio");
  EXPECT_EQ(skeleton("2200 22"), "2200 22");
  EXPECT_EQ(skeleton("頭痛 боль"), "頭痛 боль");
}

}  // namespace
}  // namespace enlace
