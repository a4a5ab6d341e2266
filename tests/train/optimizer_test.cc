#include "train/optimizer.h"

#include <cmath>

#include <gtest/gtest.h>

#include "train/random_bert.h"

namespace enlace {
namespace {

/// AdamW on every parameter, in double, as PyTorch does it.
struct Reference {
  std::vector<double> weight, mean, square;
  int steps = 0;

  void step(const std::vector<float>& gradient, double rate, double decay, double clip) {
    ++steps;
    double norm = 0;
    for (const float g : gradient) norm += double(g) * double(g);
    norm = std::sqrt(norm);
    const double scale = clip > 0 ? std::min(1.0, clip / (norm + 1e-6)) : 1;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const double g = double(gradient[i]) * scale;
      weight[i] *= 1 - rate * decay;
      mean[i] = 0.9 * mean[i] + 0.1 * g;
      square[i] = 0.999 * square[i] + 0.001 * g * g;
      weight[i] -= rate / (1 - std::pow(0.9, steps)) * mean[i] /
                   (std::sqrt(square[i] / (1 - std::pow(0.999, steps))) + 1e-8);
    }
  }
};

TEST(Optimizer, StepsAsIfEveryRowHadAGradient) {
  const ParameterLayout layout(small_config());
  for (const double clip : {0.0, 1.0}) {
    const auto parameters = lively_parameters(layout, 1);
    Reference reference{{parameters.get(), parameters.get() + layout.size},
                        std::vector<double>(layout.size),
                        std::vector<double>(layout.size)};
    Optimizer optimizer(layout, {.weight_decay = 0.5, .clip = clip}, parameters.get());
    std::mt19937 random(2);
    std::normal_distribution<float> normal;
    const auto gradients = allocate<float>(layout.size);
    for (int step = 0; step < 12; ++step) {
      std::vector<std::int32_t> touched;
      for (std::int32_t id = step; id < 60; id += 17) touched.push_back(id);
      for (std::size_t i = 0; i < layout.tokens; ++i) gradients[i] = normal(random);
      for (const std::int32_t id : touched) {
        for (std::size_t c = 0; c < layout.width; ++c) {
          gradients[layout.token(std::size_t(id)) + c] = normal(random);
        }
      }
      const std::vector<float> dense(gradients.get(), gradients.get() + layout.size);
      reference.step(dense, 0.01, 0.5, clip);
      optimizer.step(0.01, touched, gradients.get(), 2);
      for (std::size_t i = 0; i < layout.size; ++i) ASSERT_EQ(gradients[i], 0);
    }
    for (std::size_t i = 0; i < layout.size; ++i) {
      const bool token = i >= layout.tokens;
      const float lag = token ? optimizer.lag((i - layout.tokens) / layout.width) : 1;
      ASSERT_NEAR(double(parameters[i] * lag), reference.weight[i], 2e-5) << i;
    }
  }
}

TEST(Optimizer, LeavesFrozenTokensAlone) {
  const ParameterLayout layout(small_config());
  const auto parameters = lively_parameters(layout, 1);
  const std::vector<float> before(parameters.get(), parameters.get() + layout.size);
  Optimizer optimizer(layout, {.freeze_tokens = true}, parameters.get());
  const auto gradients = allocate<float>(layout.size);
  std::fill_n(gradients.get(), layout.size, 1.0F);
  const std::int32_t touched[] = {3};
  const double norm = optimizer.step(0.1, touched, gradients.get(), 1);
  EXPECT_NEAR(norm, std::sqrt(double(layout.tokens)), 1e-3);
  EXPECT_NE(parameters[0], before[0]);
  for (std::size_t i = layout.tokens; i < layout.size; ++i) ASSERT_EQ(parameters[i], before[i]);
}

TEST(Optimizer, ChangesNothingForAGradientThatIsNotFinite) {
  const ParameterLayout layout(small_config());
  const auto parameters = lively_parameters(layout, 1);
  const std::vector<float> before(parameters.get(), parameters.get() + layout.size);
  Optimizer optimizer(layout, {}, parameters.get());
  const auto gradients = allocate<float>(layout.size);
  gradients[5] = INFINITY;
  EXPECT_FALSE(std::isfinite(optimizer.step(0.1, {}, gradients.get(), 1)));
  EXPECT_TRUE(std::equal(before.begin(), before.end(), parameters.get()));
}

}  // namespace
}  // namespace enlace
