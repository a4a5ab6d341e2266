#include "train/encoder_pass.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "train/dropout_sites.h"
#include "train/random_bert.h"

namespace enlace {
namespace {

/// A loss with a known gradient: the inner product of the vectors with fixed numbers.
std::vector<float> slopes_for(MatrixView<const float> vectors) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  std::vector<float> slopes(vectors.rows() * vectors.cols());
  for (float& slope : slopes) slope = normal(random);
  return slopes;
}

struct Result {
  std::vector<float> vectors, gradients;
};

Result run(const ParameterLayout& layout, const float* parameters, const OwnedBatch& batch,
           const PassOptions& options, EncoderPass* reused = nullptr) {
  const auto own = EncoderPass::make(layout, options);
  EncoderPass& pass = reused != nullptr ? *reused : *own;
  pass.load(parameters);
  const auto vectors = pass.forward(batch.view(), 9);
  Result result;
  result.vectors.assign(vectors.data(), vectors.data() + vectors.rows() * vectors.cols());
  const auto slopes = slopes_for(vectors);
  const auto gradients = allocate<float>(layout.size);
  pass.backward({slopes.data(), vectors.rows(), vectors.cols()}, gradients.get());
  result.gradients.assign(gradients.get(), gradients.get() + layout.size);
  return result;
}

double loss(const ParameterLayout& layout, const float* parameters, const OwnedBatch& batch,
            const PassOptions& options) {
  const auto pass = EncoderPass::make(layout, options);
  pass->load(parameters);
  const auto vectors = pass->forward(batch.view(), 9);
  const auto slopes = slopes_for(vectors);
  double sum = 0;
  for (std::size_t i = 0; i < slopes.size(); ++i)
    sum += double(slopes[i]) * double(vectors.data()[i]);
  return sum;
}

TEST(EncoderPass, GivesTheSlopesOfItsLoss) {
  const ParameterLayout layout(small_config());
  const auto parameters = lively_parameters(layout, 1);
  const OwnedBatch batch = random_batch(9, 24, 2);
  for (const float dropout : {0.0F, 0.2F}) {
    for (const Pooling pooling : {Pooling::kMean, Pooling::kCls}) {
      const PassOptions options{
          .pooling = pooling, .hidden_dropout = dropout, .attention_dropout = dropout};
      const Result result = run(layout, parameters.get(), batch, options);
      // Along a random direction within each tensor.
      for (const TensorPlace& place : tensor_places(layout)) {
        std::mt19937 random(7);
        std::normal_distribution<float> normal;
        const auto above = allocate<float>(layout.size), below = allocate<float>(layout.size);
        std::copy_n(parameters.get(), layout.size, above.get());
        std::copy_n(parameters.get(), layout.size, below.get());
        constexpr float kStep = 2e-3F;
        double expected = 0, norm = 0;
        for (std::size_t r = 0; r < place.rows; ++r) {
          for (std::size_t c = 0; c < place.cols; ++c) {
            const std::size_t at = place.at(r, c);
            const float direction = normal(random);
            above[at] += kStep * direction;
            below[at] -= kStep * direction;
            expected += double(result.gradients[at]) * double(direction);
            norm += double(result.gradients[at]) * double(result.gradients[at]);
          }
        }
        const double found = (loss(layout, above.get(), batch, options) -
                              loss(layout, below.get(), batch, options)) /
                             (2 * double(kStep));
        EXPECT_NEAR(found, expected, 0.01 * std::sqrt(norm) + 0.05) << place.name;
      }
    }
  }
}

TEST(EncoderPass, GivesTheSameBitsForAnyNumberOfWorkersAndInLessMemory) {
  const ParameterLayout layout(small_config());
  const auto parameters = lively_parameters(layout, 3);
  const OwnedBatch batch = random_batch(150, 24, 4);
  for (const Precision precision : {Precision::kF32, Precision::kBf16}) {
    PassOptions options{.precision = precision, .hidden_dropout = 0.1F, .attention_dropout = 0.1F};
    const Result one = run(layout, parameters.get(), batch, options);
    for (const std::size_t workers : {2U, 5U}) {
      options.workers = workers;
      const Result many = run(layout, parameters.get(), batch, options);
      EXPECT_EQ(one.vectors, many.vectors);
      EXPECT_EQ(one.gradients, many.gradients);
    }
    options.recompute = true;
    const Result again = run(layout, parameters.get(), batch, options);
    EXPECT_EQ(one.vectors, again.vectors);
    EXPECT_EQ(one.gradients, again.gradients);
  }
}

TEST(EncoderPass, ForgetsTheBatchBefore) {
  const ParameterLayout layout(small_config());
  const auto parameters = lively_parameters(layout, 3);
  const OwnedBatch large = random_batch(150, 40, 4), small = random_batch(20, 9, 5);
  for (const Precision precision : {Precision::kF32, Precision::kBf16}) {
    const PassOptions options{.precision = precision, .workers = 2};
    const Result fresh = run(layout, parameters.get(), small, options);
    const auto reused = EncoderPass::make(layout, options);
    run(layout, parameters.get(), large, options, reused.get());
    const Result after = run(layout, parameters.get(), small, options, reused.get());
    EXPECT_EQ(fresh.vectors, after.vectors);
    EXPECT_EQ(fresh.gradients, after.gradients);
  }
}

TEST(EncoderPass, DropsWhatTheSeedSays) {
  const ParameterLayout layout(small_config());
  const auto parameters = lively_parameters(layout, 3);
  const OwnedBatch batch = random_batch(5, 9, 5);
  const auto pass = EncoderPass::make(layout, {.hidden_dropout = 0.1F});
  pass->load(parameters.get());
  const auto vectors = [&](std::uint64_t seed) {
    const auto found = pass->forward(batch.view(), seed);
    return std::vector<float>(found.data(), found.data() + found.rows() * found.cols());
  };
  EXPECT_EQ(vectors(1), vectors(1));
  EXPECT_NE(vectors(1), vectors(2));
}

TEST(EncoderPass, LeavesPaddingWithoutGradient) {
  const ParameterLayout layout(small_config());
  const auto parameters = lively_parameters(layout, 3);
  const Result result = run(layout, parameters.get(), random_batch(30, 24, 4), {});
  std::vector<bool> named(layout.size);
  for (const TensorPlace& place : tensor_places(layout)) {
    for (std::size_t r = 0; r < place.rows; ++r) {
      for (std::size_t c = 0; c < place.cols; ++c) named[place.at(r, c)] = true;
    }
  }
  for (std::size_t i = 0; i < layout.size; ++i) {
    if (named[i]) continue;
    ASSERT_EQ(result.gradients[i], 0) << i;
  }
}

TEST(DropoutSites, DropOtherThingsInEveryRowAtEveryStep) {
  constexpr std::size_t kRows = 512;
  std::set<std::uint64_t> keys;
  for (const std::uint64_t seed : {33U, 34U, 35U}) {
    const DropoutSites sites{.hidden_rate = 0.1F, .seed = seed};
    for (std::size_t row = 0; row < kRows; ++row) keys.insert(sites.embedded(row).key);
  }
  EXPECT_EQ(keys.size(), 3 * kRows);
}

}  // namespace
}  // namespace enlace
