#include "train/vary_text.h"

#include <map>

#include <gtest/gtest.h>

namespace enlace {
namespace {

/// How often each variant of `text` comes in 2,000.
std::map<std::string, int> variants_of(std::string_view text) {
  const Normalizer bare = Normalizer::plain();
  Random random(7);
  std::map<std::string, int> counts;
  std::string out = "what was there before";
  for (int i = 0; i < 2000; ++i) {
    vary_text(text, bare, random, out);
    ++counts[out];
  }
  return counts;
}

TEST(VaryText, WritesNamesAsPeopleDo) {
  const auto counts = variants_of("Cáncer de Mama");
  ASSERT_EQ(counts.size(), 3U);
  EXPECT_NEAR(counts.at("cáncer de mama"), 1400, 90);  // four deviations and more
  EXPECT_NEAR(counts.at("cancer de mama"), 400, 75);
  EXPECT_NEAR(counts.at("CÁNCER DE MAMA"), 200, 60);
}

TEST(VaryText, LeavesTheMarksOfOtherScripts) {
  EXPECT_EQ(variants_of("がん").size(), 1U);
  const auto counts = variants_of("Βήχας");
  EXPECT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts.count("βήχας"), 1U);
  EXPECT_EQ(counts.count("ΒΉΧΑΣ"), 1U);
}

TEST(VaryText, IsSafeOnBytesThatAreNotUtf8) {
  for (const std::string_view text : {"", "\xC3", "A\xFF\xFE", "\x80Z"}) variants_of(text);
}

}  // namespace
}  // namespace enlace
