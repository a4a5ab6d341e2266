#include "encode/pooling.h"

#include <vector>

#include <gtest/gtest.h>

namespace enlace {
namespace {

std::vector<float> pooled(const std::vector<float>& states, Pooling pooling, bool normalize) {
  ModelUsage usage;
  usage.pooling = pooling;
  usage.normalize = normalize;
  std::vector<float> out(2, 7);
  pool({states.data(), states.size() / 2, 2}, usage, out);
  return out;
}

TEST(Pooling, TakesTheMeanOfAllRowsOrTheFirst) {
  const std::vector<float> states{1, 2, 5, 0, 0, 10};
  EXPECT_EQ(pooled(states, Pooling::kMean, false), (std::vector<float>{2, 4}));
  EXPECT_EQ(pooled(states, Pooling::kCls, false), (std::vector<float>{1, 2}));
}

TEST(Pooling, ScalesToLengthOneIfAsked) {
  const auto found = pooled({6, 8}, Pooling::kMean, true);
  EXPECT_FLOAT_EQ(found[0], 0.6F);
  EXPECT_FLOAT_EQ(found[1], 0.8F);
}

TEST(Pooling, GivesZerosWhereThereIsNoDirection) {
  EXPECT_EQ(pooled({}, Pooling::kMean, true), (std::vector<float>{0, 0}));
  EXPECT_EQ(pooled({1, -1, -1, 1}, Pooling::kMean, true), (std::vector<float>{0, 0}));
}

}  // namespace
}  // namespace enlace
