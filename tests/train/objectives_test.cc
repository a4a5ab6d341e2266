#include "train/objectives.h"

#include <cmath>
#include <functional>
#include <random>

#include <gtest/gtest.h>

namespace enlace {
namespace {

struct Rows {
  std::size_t count, width;
  std::vector<float> values;
  std::vector<std::uint32_t> labels;
  std::vector<std::uint8_t> mask;

  MatrixView<const float> view() const { return {values.data(), count, width}; }
  BatchLabels batch() const { return {labels, mask}; }
};

/// Rows around few centres, so that there are close and far ones of every label.
Rows random_rows(std::size_t count, std::size_t width, std::size_t label_count, std::uint32_t seed,
                 bool masked) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Rows rows{count, width, std::vector<float>(count * width), std::vector<std::uint32_t>(count), {}};
  std::vector<float> centres(4 * width);
  for (float& value : centres) value = normal(random);
  for (std::size_t i = 0; i < count; ++i) {
    rows.labels[i] = static_cast<std::uint32_t>(random() % label_count);
    const float* centre = &centres[(rows.labels[i] + random() % 2) % 4 * width];
    for (std::size_t c = 0; c < width; ++c) {
      rows.values[i * width + c] = 3 * (centre[c] + 0.5F * normal(random));
    }
  }
  if (!masked) return rows;
  rows.mask.resize(count * count);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      rows.mask[i * count + j] = rows.mask[j * count + i] = i == j || random() % 5 == 0 ? 1 : 0;
    }
  }
  return rows;
}

std::vector<float> similarities_of(const Rows& rows) {
  std::vector<float> s(rows.count * rows.count);
  const auto dot = [&](std::size_t i, std::size_t j) {
    double sum = 0;
    for (std::size_t c = 0; c < rows.width; ++c) {
      sum += double(rows.values[i * rows.width + c]) * double(rows.values[j * rows.width + c]);
    }
    return sum;
  };
  for (std::size_t i = 0; i < rows.count; ++i) {
    for (std::size_t j = 0; j < rows.count; ++j) {
      s[i * rows.count + j] = static_cast<float>(dot(i, j) / std::sqrt(dot(i, i) * dot(j, j)));
    }
  }
  return s;
}

TEST(MineTriplets, KeepsThePairsOfTheTripleLoop) {
  for (const bool masked : {false, true}) {
    for (const std::size_t labels : {1U, 2U, 7U, 30U}) {
      for (const float margin : {0.0F, 0.2F, 0.7F}) {
        const Rows rows = random_rows(30, 8, labels, static_cast<std::uint32_t>(labels), masked);
        const auto s = similarities_of(rows);
        const std::size_t N = rows.count;
        const auto distance = [&](std::size_t i, std::size_t j) {
          return std::sqrt(std::max(2 - 2 * s[i * N + j], 0.0F));
        };
        MinedPairs expected{std::vector<std::uint8_t>(N * N), std::vector<std::uint8_t>(N * N)};
        for (std::size_t a = 0; a < N; ++a) {
          for (std::size_t p = 0; p < N; ++p) {
            if (a == p || rows.labels[a] != rows.labels[p]) continue;
            for (std::size_t n = 0; n < N; ++n) {
              if (rows.labels[n] == rows.labels[a]) continue;
              if (masked && rows.mask[a * N + n] != 0) continue;
              if (!(distance(a, n) - distance(a, p) <= margin)) continue;
              expected.positive[a * N + p] = expected.negative[a * N + n] = 1;
            }
          }
        }
        const MinedPairs found = mine_triplets({s.data(), N, N}, rows.batch(), margin);
        EXPECT_EQ(found.positive, expected.positive);
        EXPECT_EQ(found.negative, expected.negative);
      }
    }
  }
}

/// Multi-similarity by its formula, in double, with the pairs kept that `kept` has.
double formula(const Rows& rows, const MinedPairs& kept) {
  const auto s = similarities_of(rows);
  double loss = 0;
  for (std::size_t a = 0; a < rows.count; ++a) {
    double near = 0, far = 0;
    for (std::size_t j = 0; j < rows.count; ++j) {
      const double similarity = double(s[a * rows.count + j]);
      if (kept.positive[a * rows.count + j] != 0) near += std::exp(-(similarity - 0.5));
      if (kept.negative[a * rows.count + j] != 0) far += std::exp(60 * (similarity - 0.5));
    }
    loss += (std::log1p(near) + std::log1p(far) / 60) / double(rows.count);
  }
  return loss;
}

using Loss = std::function<LossResult(const Rows&, MatrixView<float>)>;

/// Compares the gradient with differences along random directions.
void expect_slopes(Rows rows, const Loss& loss, double slack) {
  std::vector<float> gradient(rows.values.size());
  loss(rows, {gradient.data(), rows.count, rows.width});
  std::vector<float> unused(gradient.size());
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  for (int trial = 0; trial < 5; ++trial) {
    constexpr float kStep = 1e-3F;
    Rows above = rows, below = rows;
    double expected = 0, norm = 0;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const float direction = normal(random);
      above.values[i] += kStep * direction;
      below.values[i] -= kStep * direction;
      expected += double(gradient[i]) * double(direction);
      norm += double(gradient[i]) * double(gradient[i]);
    }
    const MatrixView<float> nowhere{unused.data(), rows.count, rows.width};
    const double found =
        (loss(above, nowhere).loss - loss(below, nowhere).loss) / (2 * double(kStep));
    EXPECT_NEAR(found, expected, slack * std::sqrt(norm) + 1e-6);
  }
}

TEST(MultiSimilarity, IsItsFormula) {
  for (const bool masked : {false, true}) {
    const Rows rows = random_rows(61, 12, 9, 5, masked);
    std::vector<float> gradient(rows.values.size());
    const LossResult result = multi_similarity(rows.view(), rows.batch(), {},
                                               {gradient.data(), rows.count, rows.width}, 2);
    const auto s = similarities_of(rows);
    const MinedPairs kept = mine_triplets({s.data(), rows.count, rows.count}, rows.batch(), 0.2F);
    EXPECT_NEAR(result.loss, formula(rows, kept), 1e-4);
    EXPECT_GT(result.positives, 0U);
    EXPECT_GT(result.negatives, 0U);
  }
}

TEST(MultiSimilarity, GivesTheSlopesOfItsLoss) {
  // A margin that keeps every pair: the choice of pairs has no slope.
  const MultiSimilarityOptions options{.alpha = 2, .beta = 10, .base = 0.4F, .margin = 4};
  for (const bool masked : {false, true}) {
    expect_slopes(
        random_rows(33, 12, 5, 6, masked),
        [&](const Rows& rows, MatrixView<float> gradient) {
          return multi_similarity(rows.view(), rows.batch(), options, gradient, 1);
        },
        1e-3);
  }
}

TEST(MultiSimilarity, IsNothingWithoutNegatives) {
  const Rows rows = random_rows(10, 12, 1, 6, false);
  std::vector<float> gradient(rows.values.size(), 9);
  const LossResult result =
      multi_similarity(rows.view(), rows.batch(), {}, {gradient.data(), rows.count, rows.width}, 1);
  EXPECT_EQ(result.loss, 0);
  EXPECT_EQ(gradient, std::vector<float>(gradient.size()));
}

TEST(MultiSimilarity, DoesNotOverflow) {
  Rows rows = random_rows(8, 4, 4, 1, false);
  std::fill(rows.values.begin(), rows.values.end(), 1.0F);
  std::vector<float> gradient(rows.values.size());
  const LossResult result = multi_similarity(rows.view(), rows.batch(), {.beta = 500},
                                             {gradient.data(), rows.count, rows.width}, 1);
  EXPECT_TRUE(std::isfinite(result.loss));
  for (const float value : gradient) EXPECT_TRUE(std::isfinite(value));
}

TEST(InfoNce, GivesTheSlopesOfItsLoss) {
  for (const bool masked : {false, true}) {
    expect_slopes(
        random_rows(33, 12, 5, 6, masked),
        [&](const Rows& rows, MatrixView<float> gradient) {
          return info_nce(rows.view(), rows.batch(), 0.2F, gradient, 1);
        },
        1e-3);
  }
}

/// InfoNCE by its formula, in double: for each pair the largest of the exponents is taken off.
double nce_formula(const Rows& rows, double temperature) {
  const auto s = similarities_of(rows);
  const std::size_t N = rows.count;
  double loss = 0, pairs = 0;
  for (std::size_t a = 0; a < N; ++a) {
    for (std::size_t p = 0; p < N; ++p) {
      if (a == p || rows.labels[a] != rows.labels[p]) continue;
      const double own = double(s[a * N + p]) / temperature;
      double top = own;
      std::vector<double> others;
      for (std::size_t n = 0; n < N; ++n) {
        if (rows.labels[n] == rows.labels[a]) continue;
        if (!rows.mask.empty() && rows.mask[a * N + n] != 0) continue;
        others.push_back(double(s[a * N + n]) / temperature);
        top = std::max(top, others.back());
      }
      double sum = std::exp(own - top);
      for (const double other : others) sum += std::exp(other - top);
      loss += top + std::log(sum) - own;
      ++pairs;
    }
  }
  return loss / pairs;
}

TEST(InfoNce, IsItsFormulaAtAnyTemperature) {
  for (const bool masked : {false, true}) {
    for (const float temperature : {0.2F, 0.07F, 0.001F}) {
      const Rows rows = random_rows(61, 12, 9, 5, masked);
      std::vector<float> gradient(rows.values.size());
      const LossResult result = info_nce(rows.view(), rows.batch(), temperature,
                                         {gradient.data(), rows.count, rows.width}, 2);
      const double expected = nce_formula(rows, double(temperature));
      EXPECT_NEAR(result.loss, expected, 1e-4 * expected);
      for (const float value : gradient) ASSERT_TRUE(std::isfinite(value));
    }
  }
}

TEST(InfoNce, IsNothingWithoutNegatives) {
  const Rows rows = random_rows(10, 12, 1, 6, false);
  std::vector<float> gradient(rows.values.size(), 9);
  const LossResult result =
      info_nce(rows.view(), rows.batch(), 0.001F, {gradient.data(), rows.count, rows.width}, 1);
  EXPECT_EQ(result.loss, 0);
  EXPECT_EQ(result.positives, 90U);
  for (const float value : gradient) EXPECT_EQ(value, 0);
}

TEST(Objectives, AreTheSameForAnyNumberOfWorkers) {
  const Rows rows = random_rows(200, 32, 50, 6, true);
  std::vector<float> one(rows.values.size()), many = one;
  const auto a = multi_similarity(rows.view(), rows.batch(), {}, {one.data(), 200, 32}, 1);
  const auto b = multi_similarity(rows.view(), rows.batch(), {}, {many.data(), 200, 32}, 5);
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_EQ(one, many);
}

}  // namespace
}  // namespace enlace
