#include "text/character_map.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "text/character_map_builder.h"

namespace enlace {
namespace {

const CharacterMap& map() {
  static const CharacterMapBuilder kBuilder{{"½", "1/2"},   {"e\u0301", "é"}, {"\r", " "},
                                            {"\u0007", ""}, {"ﬁ", "fi"},      {"\u200D", " "}};
  static const CharacterMap kMap(kBuilder.bytes(), "x");
  return kMap;
}

NormalizedText traced(std::string_view text) {
  NormalizedText out;
  out.text = text;
  for (std::uint32_t i = 0; i < text.size(); ++i) out.origins.push_back({i, i + 1});
  return out;
}

std::string mapped(std::string_view text) {
  NormalizedText in;
  NormalizedText out;
  in.text = text;
  return map().apply(in, out) ? out.text : std::string(text);
}

TEST(CharacterMap, ReplacesCharactersAndLeavesTheRest) {
  EXPECT_EQ(mapped("ﬁn ½ ñ"), "fin 1/2 ñ");
  EXPECT_EQ(mapped("a\u0007b"), "ab");
  EXPECT_EQ(mapped("\u0007"), "");
  EXPECT_EQ(mapped(""), "");
}

TEST(CharacterMap, SaysWhenThereIsNothingToDo) {
  NormalizedText out;
  EXPECT_FALSE(map().apply(traced("plain"), out));
  EXPECT_TRUE(map().apply(traced("½"), out));
}

TEST(CharacterMap, ReplacesAShortClusterByWhatItsShortestBeginningHas) {
  EXPECT_EQ(mapped("e\u0301x"), "éx");
  EXPECT_EQ(mapped("½\u0301x"), "1/2x");                    // 4 bytes: the mark goes with it
  EXPECT_EQ(mapped("½\u0301\u0301x"), "1/2\u0301\u0301x");  // 6 bytes: one by one
  EXPECT_EQ(mapped("a\r\nb\rc"), "a b c");                  // CR LF is one cluster
}

TEST(CharacterMap, EndsAClusterAtAControlThatIsNotAssigned) {
  for (const char* control : {"\u200B", "\u2065", "\uFFF0", "\U000E0FFF"}) {
    EXPECT_EQ(mapped(control + std::string("\u200D\u0307")), control + std::string(" ")) << control;
  }
  EXPECT_EQ(mapped("x\u200D\u0307"), "x \u0307");  // 6 bytes: one by one
}

TEST(CharacterMap, KnowsTheClustersOfUnicode17) {
  EXPECT_EQ(mapped("½\u0897x"), "1/2x");  // a mark of Unicode 16, U+1ACF one of 17
  EXPECT_EQ(mapped("½\u1ACFx"), "1/2x");
  EXPECT_EQ(mapped("\U000113D1½\u0301x"), "\U000113D11/2\u0301x");  // belongs to what follows
  EXPECT_EQ(mapped("½\u1ADEx"), "1/2\u1ADEx");                      // not assigned
}

TEST(CharacterMap, TracesWhatItWrites) {
  NormalizedText out;
  ASSERT_TRUE(map().apply(traced("a½\u0007e\u0301b"), out));
  ASSERT_EQ(out.text, "a1/2éb");
  EXPECT_EQ(out.origins,
            (std::vector<Span>{{0, 1}, {1, 3}, {1, 3}, {1, 3}, {4, 7}, {4, 7}, {7, 8}}));
}

TEST(CharacterMap, GivesWhatVanishesAtTheBeginningToTheFirstThatStays) {
  NormalizedText out;
  ASSERT_TRUE(map().apply(traced("\u0007\u0007ab"), out));
  EXPECT_EQ(out.origins, (std::vector<Span>{{0, 3}, {3, 4}}));
}

TEST(CharacterMap, RefusesBytesThatAreNotAMap) {
  const std::string good = CharacterMapBuilder{{"a", "b"}}.bytes();
  const auto refused = [](const std::string& bytes) {
    try {
      const CharacterMap ignored(bytes, "file");
    } catch (const Error& error) {
      return error.kind() == ErrorKind::kCorrupt &&
             std::string_view(error.what()).starts_with("file: ");
    }
    return false;
  };
  EXPECT_FALSE(refused(good));
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused(good.substr(0, 3)));
  EXPECT_TRUE(refused(good.substr(0, 100)));
  EXPECT_TRUE(refused(std::string(8, '\0')));               // a trie of no units
  EXPECT_TRUE(refused(std::string("\5\0\0\0", 4) + good));  // not whole units
  EXPECT_TRUE(refused(good + "\xFF"));
}

TEST(CharacterMap, IsSafeWhateverItsUnitsAre) {
  Random random(3);
  for (int round = 0; round < 200; ++round) {
    std::string bytes = {64, 0, 0, 0};
    for (int i = 0; i < 64; ++i) bytes.push_back(static_cast<char>(random.below(256)));
    const CharacterMap hostile(bytes + "abc", "x");
    NormalizedText out;
    hostile.apply(traced("a\u0301 é ½ 糖尿病 \u200d👍🏽"), out);
    EXPECT_EQ(out.text.size(), out.origins.size());
  }
}

TEST(Base64, DecodesWhatIsBase64) {
  EXPECT_EQ(decode_base64("aGVsbG8="), "hello");
  EXPECT_EQ(decode_base64("aGVsbA=="), "hell");
  EXPECT_EQ(decode_base64("aGVs"), "hel");
  EXPECT_EQ(decode_base64(""), "");
  for (const char* bad : {"a", "aGVsbG8", "aGV!", "a===", "====", "aG=s"}) {
    EXPECT_FALSE(decode_base64(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace enlace
