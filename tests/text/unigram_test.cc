#include "text/unigram.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

using Entries = std::vector<std::string_view>;

std::vector<Token> tokens(const Unigram& model, std::string_view piece) {
  ModelWorkspace workspace;
  std::vector<Token> tokens;
  model.tokenize(piece, workspace, tokens);
  return tokens;
}

using Tokens = std::vector<Token>;

TEST(Unigram, PrefersTheHighestSum) {
  const Unigram model(Entries{"?", "a", "b", "c", "ab", "bc"}, {0, -1, -1, -1, -1.5, -3}, 0);
  EXPECT_EQ(tokens(model, "abc"), (Tokens{{4, {0, 2}}, {3, {2, 3}}}));
  EXPECT_EQ(tokens(model, ""), Tokens{});
  EXPECT_EQ(model.find("bc"), 5);
  EXPECT_EQ(model.find("cb"), -1);
}

TEST(Unigram, BreaksTiesForTheLastEntryThatBeginsFirst) {
  const Unigram model(Entries{"?", "a", "b", "ab"}, {0, -1, -1, -2}, 0);
  EXPECT_EQ(tokens(model, "ab"), (Tokens{{3, {0, 2}}}));
}

TEST(Unigram, FusesUnknownCharacters) {
  const Unigram model(Entries{"?", "a", "病a"}, {0, -1, -30}, 0);
  EXPECT_EQ(tokens(model, "a糖尿a"), (Tokens{{1, {0, 1}}, {0, {1, 7}}, {1, {7, 8}}}));
  EXPECT_EQ(tokens(model, "病a"), (Tokens{{2, {0, 4}}}));  // -30 beats the penalty: -40 - 1
  EXPECT_EQ(tokens(model, "?x"), (Tokens{{0, {0, 2}}}));
}

TEST(Unigram, TakesLinearTimeForOneCharacterRepeated) {
  const std::string long_entry(Trie::kMaxKeySize, 'b');
  const Unigram model(Entries{"?", "a", "aa", long_entry}, {0, -1, -1.5, -1}, 0);
  EXPECT_EQ(tokens(model, std::string(1'000'000, 'a')).size(), 500'000U);
}

TEST(Unigram, IsSafeOnBytesThatAreNotUtf8) {
  const Unigram model(Entries{"?", "a"}, {0, -1}, 0);
  for (const char* piece : {"\xF0", "a\xE2\x82", "\x80\x80",
                            "\xFF"
                            "a"}) {
    const auto found = tokens(model, piece);
    EXPECT_EQ(found.back().span.end, std::string_view(piece).size());
  }
}

}  // namespace
}  // namespace enlace
