#include <gtest/gtest.h>

#include "text/bert_text.h"
#include "text/text_step.h"
#include "text/word_step.h"

namespace enlace {
namespace {

NormalizedText traced(std::string_view text) {
  NormalizedText out;
  out.text = text;
  for (std::uint32_t i = 0; i < text.size(); ++i) out.origins.push_back({i, i + 1});
  return out;
}

std::string after(const TextStep& step, std::string_view text) {
  NormalizedText out;
  const bool changed = step.apply(traced(text), out);
  EXPECT_EQ(out.text.size(), out.origins.size());
  return changed ? out.text : std::string(text);
}

std::vector<std::string> pieces(const WordStep& step, std::string_view text) {
  PieceText pieces = {traced(text), {}};
  if (!text.empty()) pieces.pieces.push_back({0, std::uint32_t(text.size())});
  PieceText scratch;
  step.apply(pieces, scratch);
  std::vector<std::string> out;
  for (const Span span : pieces.pieces) out.emplace_back(span.of(pieces.text.text));
  return out;
}

using Pieces = std::vector<std::string>;

TEST(Replace, RewritesEveryOccurrence) {
  EXPECT_EQ(after(ReplaceLiteral("''", "\""), "''a''' ''"), "\"a\"' \"");
  EXPECT_EQ(after(ReplaceLiteral("x", "y"), "abc"), "abc");
  EXPECT_EQ(after(ReplaceRuns(*known_run_pattern(" {2,}"), " "), "a  b c    d "), "a b c d ");
  EXPECT_EQ(after(ReplaceRuns(*known_run_pattern(" +"), "▁"), " a  b"), "▁a▁b");
  EXPECT_EQ(after(ReplaceRuns(*known_run_pattern(" {2,}"), ""), "  "), "");
}

TEST(Strip, DropsWhiteSpaceOnTheSidesAsked) {
  EXPECT_EQ(after(Strip(true, true), " \u3000a b\n"), "a b");
  EXPECT_EQ(after(Strip(true, false), " a "), "a ");
  EXPECT_EQ(after(Strip(false, true), " a "), " a");
  for (const bool left : {true, false}) EXPECT_EQ(after(Strip(left, !left), " \t "), "");
  EXPECT_EQ(after(Strip(true, true), "a"), "a");
  EXPECT_EQ(after(Strip(true, true), ""), "");
}

TEST(Lowercase, LowersCharacterByCharacter) {
  EXPECT_EQ(after(Lowercase(), "ÁΣ İ"), "áσ i\u0307");
}

TEST(BertText, CleansSplitsStripsAndLowers) {
  EXPECT_EQ(after(BertText({}), "Ñandú\u0001\t糖İ\uFFFDx"), "nandu  糖 ix");
  EXPECT_EQ(after(BertText({.lowercase = false}), "ÑAND\u00DA"), "NANDU");
  EXPECT_EQ(after(BertText({.strip_accents = false}), "Ñİ"), "ñi\u0307");
  EXPECT_EQ(after(BertText({.handle_chinese_chars = false}), "糖尿"), "糖尿");
  EXPECT_EQ(after(BertText({.clean_text = false}), "a\u0001\tb"), "a\u0001\tb");
  EXPECT_EQ(after(BertText({}), "가"), "\u1100\u1161");
}

TEST(WhitespaceSplit, SplitsAtUnicodeWhiteSpace) {
  EXPECT_EQ(pieces(WhitespaceSplit(), " a\u3000b\u0085\n c "), (Pieces{"a", "b", "c"}));
  EXPECT_EQ(pieces(WhitespaceSplit(), "  "), Pieces{});
  EXPECT_EQ(pieces(WhitespaceSplit(), ""), Pieces{});
}

TEST(BertSplit, IsolatesPunctuation) {
  EXPECT_EQ(pieces(BertSplit(), "a-b  ¿c?$"), (Pieces{"a", "-", "b", "¿", "c", "?", "$"}));
  EXPECT_EQ(pieces(BertSplit(), "1°\u2E43"), (Pieces{"1°\u2E43"}));  // punctuation since Unicode 9
}

TEST(Metaspace, MarksSpacesAndSplitsBeforeThem) {
  using M = Metaspace;
  const auto split = M::Split::kYes;
  EXPECT_EQ(pieces(M("▁", M::Prepend::kAlways, split), "Hey  tú"), (Pieces{"▁Hey", "▁", "▁tú"}));
  EXPECT_EQ(pieces(M("▁", M::Prepend::kAlways, split), " Hey"), Pieces{"▁Hey"});
  EXPECT_EQ(pieces(M("▁", M::Prepend::kAlways, split), "▁Hey▁b"), (Pieces{"▁Hey", "▁b"}));
  EXPECT_EQ(pieces(M("▁", M::Prepend::kNever, split), "a b "), (Pieces{"a", "▁b", "▁"}));
  EXPECT_EQ(pieces(M("▁", M::Prepend::kAlways, M::Split::kNo), "a ▂b"), Pieces{"▁a▁▂b"});
  EXPECT_EQ(pieces(M("_", M::Prepend::kAlways, split), "a b_c"), (Pieces{"_a", "_b", "_c"}));
}

TEST(Metaspace, PrependsOnlyToTheBeginningOfTheTextIfSoTold) {
  const Metaspace first("▁", Metaspace::Prepend::kFirst, Metaspace::Split::kYes);
  EXPECT_TRUE(first.needs_origins());
  PieceText text = {traced("ab cd"), {{0, 2}, {3, 5}}};
  PieceText scratch;
  first.apply(text, scratch);
  EXPECT_EQ(text.text.text, "▁abcd");
  EXPECT_EQ(text.pieces, (std::vector<Span>{{0, 5}, {5, 7}}));
  EXPECT_EQ(text.text.original(0, 3), (Span{0, 1}));  // as the letter it stands before
}

}  // namespace
}  // namespace enlace
