#include "encode/text_groups.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace enlace {
namespace {

TEST(TextGroups, BringEqualTextsTogetherLongestFirst) {
  const std::vector<std::string_view> texts{"b", "ccc", "a", "b", "", "ccc", "b"};
  const TextGroups groups = group_equal(texts);
  ASSERT_EQ(groups.size(), 4U);
  const auto group = [&groups](std::size_t g) {
    return std::vector<std::uint32_t>(groups.group(g).begin(), groups.group(g).end());
  };
  EXPECT_EQ(group(0), (std::vector<std::uint32_t>{1, 5}));
  EXPECT_EQ(group(1), (std::vector<std::uint32_t>{2}));
  EXPECT_EQ(group(2), (std::vector<std::uint32_t>{0, 3, 6}));
  EXPECT_EQ(group(3), (std::vector<std::uint32_t>{4}));
}

TEST(TextGroups, OfNoTextsAreNone) {
  EXPECT_EQ(group_equal({}).size(), 0U);
}

}  // namespace
}  // namespace enlace
