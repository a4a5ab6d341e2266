#include "link/hybrid_score.h"

#include <string>

#include <gtest/gtest.h>

namespace enlace {
namespace {

const HybridFeatures kBest{1, 1, 1, 0, 0, 1, 1};

/// By each set of weights.
class HybridScore : public testing::TestWithParam<HybridWeights> {
 protected:
  static float score(const HybridFeatures& features) { return hybrid_score(features, GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(By, HybridScore, testing::Values(kEvenedWeights, kPlainWeights),
                         [](const auto& test) {
                           return std::string(test.index == 0 ? "Evened" : "Plain");
                         });

TEST_P(HybridScore, IsOneWhereEverythingAgrees) {
  EXPECT_FLOAT_EQ(score(kBest), 1);
}

TEST_P(HybridScore, FallsWithEachFeatureThatSpeaksAgainstAName) {
  const auto falls = [](auto&& change) {
    HybridFeatures features = kBest;
    change(features);
    return score(features) < score(kBest);
  };
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.isotropic = 0.9F; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.concept_mean = 0.9F; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.skeleton = 0.9F; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.closer = 1; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.extra_numbers = 1; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.sharing = 2; }));
  EXPECT_TRUE(falls([](HybridFeatures& f) { f.thesaurus = 0.9F; }));
}

TEST_P(HybridScore, CountsNoMoreThanTwoExtraNumbers) {
  HybridFeatures two = kBest, nine = kBest;
  two.extra_numbers = 2;
  nine.extra_numbers = 9;
  EXPECT_EQ(score(two), score(nine));
}

TEST(NumbersIn, AreTheDistinctRunsOfDigits) {
  EXPECT_EQ(numbers_in("tipo 2, 10 mg de b12 y 2"),
            (std::vector<std::string_view>{"10", "12", "2"}));
  EXPECT_TRUE(numbers_in("sin").empty());
  EXPECT_EQ(count_missing(numbers_in("1 2 3"), numbers_in("3 1")), 1U);
}

}  // namespace
}  // namespace enlace
