#include "pairs/pair_space.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace enlace {
namespace {

TEST(PairSpace, NumbersEveryPairOfItsBlocksOnce) {
  PairSpace space;
  space.add_triangle({3, 4});
  space.add_triangle({9, 1});  // no pair
  space.add_rectangle({0, 2}, {20, 3});
  space.add_rectangle({0, 2}, {50, 0});  // none
  space.add_triangle({30, 2});
  ASSERT_EQ(space.size(), 6U + 6U + 1U);
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (std::uint64_t number = 0; number < space.size(); ++number) {
    const PlacePair pair = space.at(number);
    EXPECT_LT(pair.first, pair.second);
    seen.insert({pair.first, pair.second});
  }
  EXPECT_EQ(seen.size(), space.size());
  EXPECT_TRUE(seen.contains({3, 6}));
  EXPECT_TRUE(seen.contains({1, 22}));
  EXPECT_TRUE(seen.contains({30, 31}));
}

TEST(PairSpace, IsExactForAsManyPlacesAsThereCanBe) {
  PairSpace space;
  constexpr std::uint32_t kMost = 4'294'967'295;
  space.add_triangle({0, kMost});
  const std::uint64_t pairs = std::uint64_t(kMost) * (kMost - 1) / 2;
  ASSERT_EQ(space.size(), pairs);
  EXPECT_EQ(space.at(0), (PlacePair{0, 1}));
  EXPECT_EQ(space.at(pairs - 1), (PlacePair{kMost - 2, kMost - 1}));
  for (std::uint64_t j = 2; j < kMost; j += 99'999'989) {
    EXPECT_EQ(space.at(j * (j - 1) / 2), (PlacePair{0, std::uint32_t(j)}));
    EXPECT_EQ(space.at(j * (j - 1) / 2 - 1),
              (PlacePair{std::uint32_t(j - 2), std::uint32_t(j - 1)}));
  }
}

TEST(SampleNumbers, GivesAllWhereThereAreNotMore) {
  Random random(1);
  EXPECT_EQ(sample_numbers(3, 3, random), (std::vector<std::uint64_t>{0, 1, 2}));
  EXPECT_EQ(sample_numbers(2, 50, random), (std::vector<std::uint64_t>{0, 1}));
  EXPECT_TRUE(sample_numbers(0, 5, random).empty());
  EXPECT_TRUE(sample_numbers(5, 0, random).empty());
}

TEST(SampleNumbers, DrawsEverySubsetAsOftenAsAnyOther) {
  Random random(7);
  std::map<std::vector<std::uint64_t>, int> times;
  constexpr int kRounds = 20'000;
  for (int round = 0; round < kRounds; ++round) ++times[sample_numbers(5, 2, random)];
  ASSERT_EQ(times.size(), 10U);
  double chi = 0;
  for (const auto& [subset, count] : times) {
    ASSERT_EQ(subset.size(), 2U);
    EXPECT_LT(subset[0], subset[1]);
    chi += (count - kRounds / 10.0) * (count - kRounds / 10.0) / (kRounds / 10.0);
  }
  EXPECT_LT(chi, 27.9);  // 9 degrees of freedom, p = 0.001
}

TEST(SampleNumbers, IsDistinctAndAscendingAtOddSizes) {
  for (const std::uint64_t bound : {1ULL, 16ULL, 17ULL, 1000ULL, 1ULL << 62}) {
    for (const std::uint64_t count : {1ULL, 2ULL, 15ULL, 16ULL}) {
      Random random(bound + count);
      const auto sample = sample_numbers(bound, count, random);
      EXPECT_EQ(sample.size(), std::min(bound, count));
      for (std::size_t i = 1; i < sample.size(); ++i) EXPECT_LT(sample[i - 1], sample[i]);
      EXPECT_LT(sample.back(), bound);
    }
  }
}

}  // namespace
}  // namespace enlace
