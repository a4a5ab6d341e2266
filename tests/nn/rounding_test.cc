#include "nn/rounding.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "math/products.h"

namespace enlace {
namespace {

constexpr std::size_t kChannels = 24, kInputs = 200;
constexpr float kStep = 0.1F;

float drawn(Random& random) {
  return float(random.below(2001)) / 1000 - 1;
}

/// Inputs whose channels go together: mixtures of three patterns, and a little noise.
std::vector<std::vector<float>> mixed_inputs() {
  Random random(5);
  std::vector<std::vector<float>> patterns(3, std::vector<float>(kChannels));
  for (auto& pattern : patterns) {
    for (float& value : pattern) value = drawn(random);
  }
  std::vector<std::vector<float>> inputs(kInputs, std::vector<float>(kChannels));
  for (auto& input : inputs) {
    for (float& value : input) value = 0.05F * drawn(random);
    for (const auto& pattern : patterns) {
      const float share = drawn(random);
      for (std::size_t k = 0; k < kChannels; ++k) input[k] += share * pattern[k];
    }
  }
  return inputs;
}

std::vector<float> products_of(const std::vector<std::vector<float>>& inputs) {
  std::vector<float> products(kChannels * kChannels);
  for (const auto& x : inputs) {
    for (std::size_t k = 0; k < kChannels; ++k) {
      for (std::size_t l = 0; l <= k; ++l) products[k * kChannels + l] += x[k] * x[l];
    }
  }
  return products;
}

std::vector<float> drawn_weights() {
  Random random(9);
  std::vector<float> weights(kChannels);
  for (float& weight : weights) weight = drawn(random);
  return weights;
}

std::vector<std::int8_t> rounded(const RoundingPlan& plan, const std::vector<float>& weights) {
  std::vector<std::int8_t> bytes(weights.size());
  round_weights(plan, weights, kStep, bytes.data());
  return bytes;
}

/// The mean square of what the products of the inputs err by.
double error(const std::vector<std::vector<float>>& inputs, const std::vector<float>& weights,
             const std::vector<std::int8_t>& bytes, float step = kStep) {
  double squares = 0;
  for (const auto& x : inputs) {
    double by = 0;
    for (std::size_t k = 0; k < kChannels; ++k) by += (weights[k] - bytes[k] * step) * x[k];
    squares += by * by;
  }
  return squares / double(inputs.size());
}

TEST(Rounding, OfWeightsByThemselvesIsToTheNearestStep) {
  const std::vector<float> weights{0.04F, 0.06F, -0.26F, 12.7F, 40, -40};
  EXPECT_EQ(rounded(plain_rounding(weights.size()), weights),
            (std::vector<std::int8_t>{0, 1, -3, 127, 127, -127}));
}

TEST(Rounding, GivesErrorsToWeightsWhoseInputsGoTogether) {
  const auto inputs = mixed_inputs();
  const auto weights = drawn_weights();
  const std::vector<float> scale(kChannels, 1);
  const auto plan = spread_rounding(products_of(inputs).data(), kChannels, scale);
  EXPECT_LT(error(inputs, weights, rounded(plan, weights)),
            error(inputs, weights, rounded(plain_rounding(kChannels), weights)) / 3);
}

TEST(Rounding, TakesTheWidestInputsFirst) {
  const std::vector<float> products{1, 0, 0,  //
                                    0, 9, 0,  //
                                    0, 0, 4};
  EXPECT_EQ(spread_rounding(products.data(), 3, std::vector<float>{1, 1, 1}).order,
            (std::vector<std::uint32_t>{1, 2, 0}));
  EXPECT_EQ(spread_rounding(products.data(), 3, std::vector<float>{4, 1, 1}).order,
            (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(Rounding, IsPlainWhereNothingWasSeenOrWhatWasSeenIsNoNumber) {
  const auto weights = drawn_weights();
  const std::vector<float> scale(kChannels, 1);
  const auto plain = rounded(plain_rounding(kChannels), weights);
  for (const float value : {0.0F, INFINITY, NAN}) {
    const std::vector<float> products(kChannels * kChannels, value);
    EXPECT_EQ(rounded(spread_rounding(products.data(), kChannels, scale), weights), plain) << value;
  }
}

TEST(Rounding, StepsReachTheGreatestWeight) {
  EXPECT_FLOAT_EQ(step_of(std::vector<float>{1, -12.7F, 3}), 0.1F);
  EXPECT_EQ(step_of(std::vector<float>{0, 0}), 1);
  // 0, 1, 4 and 5 are a quad: 14 above zero, 3 below. 2, 3, 6 and 7 are 2 above.
  const std::vector<float> weights{9, -3, 1, 0, 1, 4, 0, 1};
  EXPECT_FLOAT_EQ(narrow_step_of(weights), 14.0F / 128);
  EXPECT_FLOAT_EQ(narrow_step_of(std::vector<float>{12.7F, -12.7F}), 0.1F);
  EXPECT_EQ(narrow_step_of(std::vector<float>{0, 0}), 1);
}

/// The most that the values of one sign of a quad sum up to.
int widest_quad(const std::vector<std::int8_t>& bytes) {
  std::vector<int> sums(2 * quad_of(bytes.size() + 7));
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    sums[2 * quad_of(k) + (bytes[k] < 0 ? 1 : 0)] += std::abs(bytes[k]);
  }
  return *std::ranges::max_element(sums);
}

TEST(Rounding, ToNarrowQuadsIsToTheNearestStepsWhereThereIsRoom) {
  // The quads 0, 1, 4, 5 and 2, 3, 6, 7 sum up to 200 above zero and 100 below: steps of 200 / 128.
  const std::vector<float> weights{100, 50, 100, -50, 50, -100, 100, -50};
  std::vector<std::int8_t> bytes(weights.size());
  const float step = round_narrow(plain_rounding(weights.size()), weights, bytes.data());
  EXPECT_NEAR(step, 200.0F / 128, 0.1F);
  EXPECT_LE(widest_quad(bytes), kMostOfQuad);
  for (std::size_t k = 0; k < weights.size(); ++k) {
    EXPECT_NEAR(float(bytes[k]) * step, weights[k], step) << k;
  }
}

TEST(Rounding, ToNarrowQuadsGivesErrorsOnAndHoldsForAnyWeights) {
  const auto inputs = mixed_inputs();
  const std::vector<float> scale(kChannels, 1);
  const auto plan = spread_rounding(products_of(inputs).data(), kChannels, scale);
  auto weights = drawn_weights();
  for (const float width : {1e-3F, 1.0F, 1e3F}) {
    for (float& weight : weights) weight *= width;
    std::vector<std::int8_t> bytes(kChannels), by_itself(kChannels);
    const float step = round_narrow(plan, weights, bytes.data());
    round_weights(plain_rounding(kChannels), weights, step, by_itself.data());
    EXPECT_LE(widest_quad(bytes), kMostOfQuad);
    EXPECT_LT(error(inputs, weights, bytes, step), error(inputs, weights, by_itself, step) / 2);
  }
  std::vector<std::int8_t> bytes(kChannels, 1);
  EXPECT_GT(round_narrow(plan, std::vector<float>(kChannels), bytes.data()), 0);
  EXPECT_EQ(bytes, std::vector<std::int8_t>(kChannels));
}

}  // namespace
}  // namespace enlace
