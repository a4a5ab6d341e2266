#include "text/word_piece.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

using Entries = std::vector<std::string_view>;
using Tokens = std::vector<Token>;

WordPiece model_of(const Entries& entries, WordPieceOptions options = {}) {
  return WordPiece(Trie::of_places(entries), std::int32_t(entries.size()), 0, options);
}

Tokens tokens(const WordPiece& model, std::string_view piece) {
  ModelWorkspace workspace;
  Tokens tokens;
  model.tokenize(piece, workspace, tokens);
  return tokens;
}

TEST(WordPiece, PrefersTheLongestPiece) {
  const WordPiece model = model_of({"[UNK]", "in", "inf", "##arto", "##ar", "##to", "##farto"});
  EXPECT_EQ(tokens(model, "infarto"), (Tokens{{2, {0, 3}}, {3, {3, 7}}}));
  EXPECT_EQ(tokens(model, "infar"), (Tokens{{2, {0, 3}}, {4, {3, 5}}}));
}

TEST(WordPiece, MakesAWordThatCannotBeSpeltOneUnknown) {
  const WordPiece model = model_of({"[UNK]", "a", "##b"});
  EXPECT_EQ(tokens(model, "abx"), (Tokens{{0, {0, 3}}}));
  EXPECT_EQ(tokens(model, "b"), (Tokens{{0, {0, 1}}}));
  EXPECT_EQ(tokens(model, "abb"), (Tokens{{1, {0, 1}}, {2, {1, 2}}, {2, {2, 3}}}));
}

TEST(WordPiece, CountsCharactersNotBytes) {
  const WordPiece model = model_of({"[UNK]", "é", "##é"}, {.max_characters = 3});
  EXPECT_EQ(tokens(model, "ééé").size(), 3U);
  EXPECT_EQ(tokens(model, "éééé"), (Tokens{{0, {0, 8}}}));
}

TEST(WordPiece, HasAContinuationOfItsOwn) {
  const Entries entries = {"[UNK]", "a", "@@b"};
  EXPECT_EQ(tokens(model_of(entries, {.continuation = "@@"}), "ab").size(), 2U);
  EXPECT_EQ(tokens(model_of(entries), "ab"), (Tokens{{0, {0, 2}}}));
  EXPECT_EQ(tokens(model_of(entries), "a"), (Tokens{{1, {0, 1}}}));
}

}  // namespace
}  // namespace enlace
