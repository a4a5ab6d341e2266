#include "index/best_values.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace enlace {
namespace {

std::vector<std::uint32_t> things(const std::vector<BestValues::Kept>& kept) {
  std::vector<std::uint32_t> all;
  for (const auto& one : kept) all.push_back(one.thing);
  return all;
}

TEST(BestValues, AreThoseThatSortingFinds) {
  Random random(1);
  for (const std::size_t most : {1U, 2U, 9U, 65535U}) {
    for (const std::size_t n : {1U, 10U, 1000U, 5000U}) {
      BestValues best(n);
      std::vector<std::pair<int, std::uint32_t>> all;  // by falling high bits, then as offered
      for (std::uint32_t thing = 0; thing < 1000; ++thing) {
        const auto value = static_cast<std::uint16_t>(1 + random.below(most));
        best.offer(value, thing);
        all.emplace_back(-(value >> 4), thing);
      }
      std::ranges::sort(all);
      all.resize(std::min(n, all.size()));
      std::vector<std::uint32_t> expected;
      for (const auto& [value, thing] : all) expected.push_back(thing);
      std::ranges::sort(expected);
      EXPECT_EQ(things(best.take()), expected) << n << " of values up to " << most;
      EXPECT_EQ(best.full(), n <= 1000);
      EXPECT_LE(best.floor() >> 4, -all.back().first);
    }
  }
}

TEST(BestValues, ComeWithTheirValues) {
  BestValues best(2);
  for (const std::uint16_t value : {100, 300, 200}) best.offer(value, value / 100U);
  const auto kept = best.take();
  ASSERT_EQ(things(kept), (std::vector<std::uint32_t>{3, 2}));
  EXPECT_EQ(kept[0].value, 300);
  EXPECT_EQ(things(best.take(250)), std::vector<std::uint32_t>{3});
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
