#include "link/hybrid_score.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

const HybridFeatures kBest{1, 1, 1, 0, 0, 1};

TEST(HybridScore, IsOneWhereEverythingAgrees) {
  EXPECT_FLOAT_EQ(hybrid_score(kBest), 1);
}

TEST(HybridScore, FallsWithEachFeatureThatSpeaksAgainstAName) {
  const auto falls = [](auto&& change) {
    HybridFeatures features = kBest;
    change(features);
    return hybrid_score(features) < hybrid_score(kBest);
  };
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.isotropic = 0.9F; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.concept_mean = 0.9F; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.skeleton = 0.9F; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.closer = 1; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.extra_numbers = 1; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.sharing = 2; }));
}

TEST(HybridScore, CountsNoMoreThanTwoExtraNumbers) {
  HybridFeatures two = kBest, nine = kBest;
  two.extra_numbers = 2;
  nine.extra_numbers = 9;
  EXPECT_EQ(hybrid_score(two), hybrid_score(nine));
}

TEST(NumbersIn, AreTheDistinctRunsOfDigits) {
  EXPECT_EQ(numbers_in("tipo 2, 10 mg de b12 y 2"),
            (std::vector<std::string_view>{"10", "12", "2"}));
  EXPECT_TRUE(numbers_in("sin").empty());
  EXPECT_EQ(count_missing(numbers_in("1 2 3"), numbers_in("3 1")), 1U);
}

}  // namespace
}  // namespace enlace
