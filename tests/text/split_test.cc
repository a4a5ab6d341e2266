#include "text/split.h"

#include <gtest/gtest.h>

#include "text/byte_level.h"

namespace enlace {
namespace {

using Words = std::vector<std::string>;

Words words(const WordStep& step, std::string_view text) {
  PieceText pieces;
  PieceText scratch;
  pieces.text.text = text;
  pieces.pieces = {{0, std::uint32_t(text.size())}};
  step.apply(pieces, scratch);
  Words found;
  for (const Span piece : pieces.pieces) found.emplace_back(piece.of(pieces.text.text));
  return found;
}

Words split(PatternKind kind, std::string_view text, Matches matches = Matches::kIsolated) {
  return words(PatternSplit({kind}, matches, false), text);
}

TEST(PatternSplit, DoesWithMatchesWhatItIsTold) {
  const auto dashes = [](Matches matches, bool inverted = false) {
    return words(PatternSplit({PatternKind::kLiteral, "-"}, matches, inverted), "a--b-");
  };
  EXPECT_EQ(dashes(Matches::kRemoved), (Words{"a", "b"}));
  EXPECT_EQ(dashes(Matches::kIsolated), (Words{"a", "-", "-", "b", "-"}));
  EXPECT_EQ(dashes(Matches::kWithBefore), (Words{"a-", "-", "b-"}));
  EXPECT_EQ(dashes(Matches::kWithAfter), (Words{"a", "-", "-b", "-"}));
  EXPECT_EQ(dashes(Matches::kContiguous), (Words{"a", "--", "b", "-"}));
  EXPECT_EQ(dashes(Matches::kRemoved, true), (Words{"-", "-", "-"}));
}

TEST(PatternSplit, SplitsAsGpt2Does) {
  const auto gpt2 = [](std::string_view text) { return split(PatternKind::kGpt2, text); };
  EXPECT_EQ(gpt2("It's 3rd  dolor,ñ!\n\n x "),
            (Words{"It", "'s", " 3", "rd", " ", " dolor", ",", "ñ", "!", "\n\n", " x", " "}));
  EXPECT_EQ(gpt2("I'LL 'tis"), (Words{"I", "'", "LL", " '", "tis"}));
  EXPECT_EQ(gpt2("   "), Words{"   "});
  EXPECT_EQ(gpt2(""), Words{});
}

TEST(PatternSplit, SplitsAsLlama3AndQwen2Do) {
  EXPECT_EQ(split(PatternKind::kLlama3, "I'LL 12345 \n\n a,b--\n\n  x"),
            (Words{"I", "'LL", " ", "123", "45", " \n\n", " a", ",b", "--\n\n", " ", " x"}));
  EXPECT_EQ(split(PatternKind::kQwen2, "'\u017F12"), (Words{"'\u017F", "1", "2"}));
}

TEST(PatternSplit, SplitsAtWhiteSpacePunctuationAndDigits) {
  EXPECT_EQ(
      words(PatternSplit({PatternKind::kWordsAndMarks}, Matches::kRemoved, true), "ab--c d_1"),
      (Words{"ab", "--", "c", "d_1"}));
  EXPECT_EQ(split(PatternKind::kWhiteSpace, "a \u3000b", Matches::kRemoved), (Words{"a", "b"}));
  EXPECT_EQ(split(PatternKind::kPunctuation, "a¿b"), (Words{"a", "¿", "b"}));
  EXPECT_EQ(split(PatternKind::kDigits, "a12½"), (Words{"a", "12½"}));
  EXPECT_EQ(split(PatternKind::kDigit, "a12"), (Words{"a", "1", "2"}));
}

TEST(PatternSplit, KnowsPublishedExpressionsOnly) {
  EXPECT_EQ(known_pattern(R"(\s+)"), PatternKind::kWhiteSpace);
  EXPECT_EQ(known_pattern(R"(\s*)"), std::nullopt);
}

TEST(ByteLevel, WritesEveryByteAsAVisibleCharacter) {
  EXPECT_EQ(byte_character(' '), "Ġ");
  EXPECT_EQ(byte_character('a'), "a");
  EXPECT_EQ(byte_character(0xAD), "\u0143");
  EXPECT_EQ(words(ByteLevelPieces(true, nullptr), "a ñ"), Words{"ĠaĠÃ±"});
  EXPECT_EQ(words(ByteLevelPieces(true, nullptr), " a"), Words{"Ġa"});
}

TEST(ByteLevel, KeepsTheOriginsOfBytes) {
  NormalizedText in{.text = "añ", .origins = {{0, 1}, {1, 3}, {1, 3}}};
  NormalizedText out;
  EXPECT_TRUE(ByteLevelText().apply(in, out));
  EXPECT_EQ(out.text, "aÃ±");
  EXPECT_EQ(out.origins, (std::vector<Span>{{0, 1}, {1, 3}, {1, 3}, {1, 3}, {1, 3}}));
}

}  // namespace
}  // namespace enlace
