#include "text/bpe.h"

#include <gtest/gtest.h>

#include "text/vocabulary.h"

namespace enlace {
namespace {

using Entries = std::vector<std::string_view>;
using Tokens = std::vector<Token>;

Bpe model_of(const Entries& entries, std::initializer_list<std::string_view> merges,
             BpeOptions options = {}) {
  Trie ids = Trie::of_places(entries);
  std::vector<BpeMerge> pairs;
  for (const std::string_view merge : merges) {
    const std::size_t number = pairs.size() + 1;
    const auto [left, right] = split_merge(merge, "file", number);
    pairs.push_back(find_merge(ids, left, right, options.continuation, "file", number));
  }
  return Bpe(std::move(ids), std::int32_t(entries.size()), pairs, options);
}

Tokens tokens(const Bpe& model, std::string_view piece) {
  ModelWorkspace workspace;
  Tokens tokens;
  model.tokenize(piece, workspace, tokens);
  return tokens;
}

const Entries kLetters = {"a", "b", "c", "ab", "bc", "abc", "aa"};

TEST(Bpe, MergesTheFirstPairOfTheListFirst) {
  EXPECT_EQ(tokens(model_of(kLetters, {"b c", "a b"}), "abc"), (Tokens{{0, {0, 1}}, {4, {1, 3}}}));
  EXPECT_EQ(tokens(model_of(kLetters, {"a b", "b c"}), "abc"), (Tokens{{3, {0, 2}}, {2, {2, 3}}}));
  EXPECT_EQ(tokens(model_of(kLetters, {"b c", "a bc"}), "abc"), (Tokens{{5, {0, 3}}}));
}

TEST(Bpe, MergesTheLeftmostOfEqualPairs) {
  EXPECT_EQ(tokens(model_of(kLetters, {"a a"}), "aaa"), (Tokens{{6, {0, 2}}, {0, {2, 3}}}));
}

TEST(Bpe, MergesLongPiecesAsItMergesShortOnes) {
  const Bpe model = model_of(kLetters, {"a a", "b c", "a bc", "a b"});
  const std::string part = "aabcabcaaabbc";
  const std::size_t size = part.size();
  const Tokens expected = tokens(model, part + "c");
  std::string text;
  for (int i = 0; i < 100; ++i) text += part + "c";
  const Tokens found = tokens(model, text);
  ASSERT_EQ(found.size(), 100 * expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Token& token = expected[i % expected.size()];
    const auto shift = std::uint32_t(i / expected.size() * (size + 1));
    EXPECT_EQ(found[i], (Token{token.id, {token.span.begin + shift, token.span.end + shift}}));
  }
}

TEST(Bpe, TakesLongPiecesInItsStride) {
  EXPECT_EQ(tokens(model_of(kLetters, {"a a"}), std::string(1'000'000, 'a')).size(), 500'000U);
}

TEST(Bpe, DropsWhatItCannotSpellUnlessThereIsAnUnknownEntry) {
  const Bpe dropping = model_of(kLetters, {"a b"});
  EXPECT_EQ(tokens(dropping, "añb"), (Tokens{{3, {0, 4}}}));  // as the reference library has it
  const Bpe single = model_of(kLetters, {}, {.unknown = 2});
  EXPECT_EQ(tokens(single, "ñña"), (Tokens{{2, {0, 2}}, {2, {2, 4}}, {0, {4, 5}}}));
  const Bpe fused = model_of(kLetters, {}, {.unknown = 2, .fuse_unknown = true});
  EXPECT_EQ(tokens(fused, "ñña"), (Tokens{{2, {0, 4}}, {0, {4, 5}}}));
}

TEST(Bpe, FallsBackToBytesWhereAllOfThemAreEntries) {
  const Entries entries = {"u", "a", "<0xC3>", "<0xB1>"};
  const Bpe model = model_of(entries, {}, {.unknown = 0, .byte_fallback = true});
  EXPECT_EQ(tokens(model, "añ"), (Tokens{{1, {0, 1}}, {2, {1, 3}}, {3, {1, 3}}}));
  EXPECT_EQ(tokens(model, "é"), (Tokens{{0, {0, 2}}}));
}

TEST(Bpe, MarksContinuationsAndEnds) {
  const Bpe continued = model_of({"a", "##b", "ab"}, {"a ##b"}, {.continuation = "##"});
  EXPECT_EQ(tokens(continued, "ab"), (Tokens{{2, {0, 2}}}));
  const Bpe ended = model_of({"a", "b</w>", "ab</w>"}, {"a b</w>"}, {.end = "</w>"});
  EXPECT_EQ(tokens(ended, "ab"), (Tokens{{2, {0, 2}}}));
}

TEST(Bpe, TakesAPieceThatIsAnEntryWhole) {
  EXPECT_EQ(tokens(model_of(kLetters, {}, {.ignore_merges = true}), "abc"), (Tokens{{5, {0, 3}}}));
  EXPECT_EQ(tokens(model_of(kLetters, {}), "abc").size(), 3U);
}

TEST(MergeTable, FindsEveryMergeAndNoOther) {
  std::vector<BpeMerge> merges;
  for (std::int32_t i = 0; i < 2000; ++i)
    merges.push_back({i, 7 * i % 997, i + 1, std::uint32_t(i)});
  const MergeTable table(merges);
  for (const BpeMerge& merge : merges) {
    EXPECT_EQ(table.find(merge.left, merge.right).merged, merge.merged);
    EXPECT_EQ(table.find(merge.right, merge.left + 2000).rank, MergeTable::kNoRank);
  }
  EXPECT_EQ(MergeTable({}).find(0, 0).rank, MergeTable::kNoRank);
}

}  // namespace
}  // namespace enlace
