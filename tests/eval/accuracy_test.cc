#include "eval/accuracy.h"

#include <cmath>

#include <gtest/gtest.h>

namespace enlace {
namespace {

TEST(Accuracy, IsTheShareOfRanksUpToK) {
  const std::vector<Rank> ranks{1, 2, 0, 5};
  EXPECT_DOUBLE_EQ(accuracy_at(ranks, 1).value, 0.25);
  EXPECT_DOUBLE_EQ(accuracy_at(ranks, 2).value, 0.5);
  EXPECT_DOUBLE_EQ(accuracy_at(ranks, 5).value, 0.75);
  EXPECT_TRUE(std::isnan(accuracy_at({}, 5).value));
}

TEST(Accuracy, ItsIntervalNarrowsWithTheNumberOfMentions) {
  std::vector<Rank> few(100), many(10'000);
  for (std::size_t i = 0; i < few.size(); ++i) few[i] = i % 2;
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = i % 2;
  // The normal approximation: 0.5 +- 1.96 sqrt(0.25 / n).
  EXPECT_NEAR(accuracy_at(few, 1).high - accuracy_at(few, 1).low, 0.196, 0.03);
  EXPECT_NEAR(accuracy_at(many, 1).high - accuracy_at(many, 1).low, 0.0196, 0.003);
}

TEST(Accuracy, OfEqualRanksIsTheSameEveryTime) {
  const std::vector<Rank> ranks{1, 0, 0, 1, 3, 2, 0};
  EXPECT_EQ(accuracy_at(ranks, 2).low, accuracy_at(ranks, 2).low);
  EXPECT_EQ(accuracy_at(ranks, 2).high, accuracy_at(ranks, 2).high);
}

}  // namespace
}  // namespace enlace
