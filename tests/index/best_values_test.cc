#include "index/best_values.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace enlace {
namespace {

TEST(BestValues, AreThoseThatSortingFinds) {
  Random random(1);
  for (const std::size_t most : {1U, 2U, 9U, 65535U}) {
    for (const std::size_t n : {1U, 10U, 1000U, 5000U}) {
      BestValues best(n);
      std::vector<std::pair<int, std::uint32_t>> all;  // by falling value, then as offered
      for (std::uint32_t thing = 0; thing < 1000; ++thing) {
        const auto value = static_cast<std::uint16_t>(1 + random.below(most));
        best.offer(value, thing);
        all.emplace_back(-int{value}, thing);
      }
      std::ranges::sort(all);
      all.resize(std::min(n, all.size()));
      std::vector<std::uint32_t> expected;
      for (const auto& [value, thing] : all) expected.push_back(thing);
      std::ranges::sort(expected);
      EXPECT_EQ(best.take(), expected) << n << " of values up to " << most;
      EXPECT_EQ(best.full(), n <= 1000);
      EXPECT_LE(best.floor(), -all.back().first);
    }
  }
}

TEST(BestValues, MayBeNone) {
  BestValues best(3);
  EXPECT_TRUE(best.take().empty());
  EXPECT_FALSE(best.full());
  best.offer(0, 1);
  EXPECT_TRUE(best.take().empty());
}

}  // namespace
}  // namespace enlace
