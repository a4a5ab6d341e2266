#include "math/train_kernels.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "math/buffer.h"
#include "math/packed_matrix.h"

namespace enlace {
namespace {

std::vector<float> random_vector(std::size_t n, std::uint32_t seed, float scale = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, scale);
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

std::vector<const TrainTables*> tables() {
  const TrainTableList list = runnable_train_tables();
  return {list.tables, list.tables + list.count};
}

template <class T>
const TrainKernels<T>& of(const TrainTables& table) {
  if constexpr (sizeof(T) == 4) {
    return table.floats;
  } else {
    return table.halves;
  }
}

float widened(float x) {
  return x;
}
float widened(Bf16 x) {
  return std::bit_cast<float>(std::uint32_t{x} << 16);
}

template <class T>
std::vector<T> rounded(const std::vector<float>& x) {
  std::vector<T> y(x.size());
  of<T>(kScalarTrainKernels).round(x.data(), x.size(), y.data());
  return y;
}

double phi(double x) {
  return (1 + std::erf(x / std::numbers::sqrt2)) / 2;
}
double density(double x) {
  return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
}

template <class T>
class TrainKernelsOf : public testing::Test {
 public:
  /// How far a value near `x` may be off.
  static double slack(double x) {
    return sizeof(T) == 4 ? 2e-6 * (1 + std::fabs(x)) : 2e-4 + std::fabs(x) / 128;
  }
};
using Types = testing::Types<float, Bf16>;
TYPED_TEST_SUITE(TrainKernelsOf, Types);

TYPED_TEST(TrainKernelsOf, RoundsToTheNearest) {
  const std::vector<float> x{1.0F, -2.5F, 3.14159265F, 1e-30F, -0.0F, 65504.0F, 1.00390625F};
  for (const TrainTables* table : tables()) {
    std::vector<TypeParam> y(x.size());
    of<TypeParam>(*table).round(x.data(), x.size(), y.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_NEAR(widened(y[i]), x[i], sizeof(TypeParam) == 4 ? 0 : std::fabs(x[i]) / 256);
    }
  }
}

TYPED_TEST(TrainKernelsOf, GeluAndItsSlopeFollowTheFormula) {
  for (const TrainTables* table : tables()) {
    for (const std::size_t n : {1U, 15U, 16U, 17U, 100U}) {
      std::vector<float> x = random_vector(n, 3, 3);
      x[0] = 9;
      if (n > 1) x[1] = -9;
      const auto u = rounded<TypeParam>(x);
      const auto dy = random_vector(n, 4);
      std::vector<TypeParam> y(n), y2(n), du(n);
      of<TypeParam>(*table).gelu(u.data(), n, y.data());
      of<TypeParam>(*table).gelu_gradient(u.data(), dy.data(), n, du.data(), y2.data());
      EXPECT_EQ(y, y2);
      for (std::size_t i = 0; i < n; ++i) {
        const double v = double(widened(u[i]));
        const double slope = double(dy[i]) * (phi(v) + v * density(v));
        EXPECT_NEAR(double(widened(y[i])), v * phi(v), this->slack(v * phi(v)));
        EXPECT_NEAR(double(widened(du[i])), slope, this->slack(slope));
      }
    }
  }
}

TYPED_TEST(TrainKernelsOf, NormalizesAndBack) {
  constexpr float kEpsilon = 1e-5F;
  for (const TrainTables* table : tables()) {
    for (const std::size_t n : {1U, 7U, 16U, 33U, 100U}) {
      const auto x = random_vector(n, 5), y = random_vector(n, 6), gain = random_vector(n, 7),
                 shift = random_vector(n, 8), dy = random_vector(n, 9);
      const auto loss_of = [&](const std::vector<double>& s) {
        double mean = 0, variance = 0, loss = 0;
        for (const double v : s) mean += v / double(n);
        for (const double v : s) variance += (v - mean) * (v - mean) / double(n);
        const double rstd = 1 / std::sqrt(variance + double(kEpsilon));
        for (std::size_t i = 0; i < n; ++i) {
          loss += double(dy[i]) * ((s[i] - mean) * rstd * double(gain[i]) + double(shift[i]));
        }
        return loss;
      };
      std::vector<double> s(n);
      for (std::size_t i = 0; i < n; ++i) s[i] = double(x[i]) + double(y[i]);

      std::vector<float> out = x, dx = dy, gain_gradient(n, 1), shift_gradient(n, 2);
      std::vector<TypeParam> centred(n), narrow(n);
      const auto& run = of<TypeParam>(*table);
      const float rstd = run.add_normalize(out.data(), y.data(), gain.data(), shift.data(),
                                           kEpsilon, n, centred.data(), narrow.data());
      double loss = 0;
      for (std::size_t i = 0; i < n; ++i) loss += double(dy[i]) * double(out[i]);
      EXPECT_NEAR(loss, loss_of(s), 1e-4);
      EXPECT_EQ(narrow, rounded<TypeParam>(out));
      run.normalize_gradient(centred.data(), rstd, gain.data(), n, dx.data(), gain_gradient.data(),
                             shift_gradient.data());
      for (std::size_t i = 0; i < n; ++i) {
        constexpr double kStep = 1e-4;
        auto above = s, below = s;
        above[i] += kStep;
        below[i] -= kStep;
        const double slope = (loss_of(above) - loss_of(below)) / (2 * kStep);
        const double scale = n == 1 ? 400 : 4;  // of one value rstd is great and the slope 0
        EXPECT_NEAR(double(dx[i]), slope, (sizeof(TypeParam) == 4 ? 1e-4 : 2e-2) * scale);
        EXPECT_NEAR(gain_gradient[i], 1 + dy[i] * widened(centred[i]), 1e-5);
        EXPECT_FLOAT_EQ(shift_gradient[i], 2 + dy[i]);
      }
    }
  }
}

/// A head of L tokens and W columns with T for its numbers.
template <class T>
struct SomeHead {
  std::size_t L, W, stride;
  std::vector<T> qkv;
  std::vector<float> dcontext;
  Memory<float> scratch;
  Dropout dropout;

  SomeHead(std::size_t tokens, std::size_t width, Dropout drop)
      : L(tokens),
        W(width),
        stride(3 * width + 5),
        qkv(rounded<T>(random_vector(tokens * stride + 16, 11))),
        dcontext(random_vector(tokens * (width + 3) + 16, 12)),
        scratch(allocate<float>(attention_scratch(tokens, width))),
        dropout(drop) {}

  TrainedHead<T> view() const {
    return {qkv.data(), qkv.data() + W, qkv.data() + 2 * W, stride, L, W,
            0.3F,       dropout,        scratch.get()};
  }

  /// The context by the formula, with the numbers `values` for qkv.
  std::vector<double> context(const std::vector<double>& values) const {
    std::vector<double> out(L * W);
    for (std::size_t i = 0; i < L; ++i) {
      std::vector<double> shares(L);
      double sum = 0;
      for (std::size_t j = 0; j < L; ++j) {
        double dot = 0;
        for (std::size_t d = 0; d < W; ++d) {
          dot += values[i * stride + d] * values[j * stride + W + d];
        }
        sum += shares[j] = std::exp(dot * double(0.3F));
      }
      std::vector<float> kept((L + 15) / 16 * 16, 1);
      Dropout row = dropout;
      row.key += static_cast<std::uint32_t>(i);
      if (dropout.threshold > 0) kScalarTrainKernels.floats.drop(kept.data(), kept.size(), row);
      for (std::size_t j = 0; j < L; ++j) {
        const double share = shares[j] / sum * double(kept[j]);
        for (std::size_t d = 0; d < W; ++d) {
          out[i * W + d] += share * values[j * stride + 2 * W + d];
        }
      }
    }
    return out;
  }
};

TYPED_TEST(TrainKernelsOf, AttendsAndBack) {
  const Dropout some{.key = 77, .threshold = 1U << 30, .scale = 4.0F / 3};
  for (const TrainTables* table : tables()) {
    for (const Dropout& dropout : {Dropout{}, some}) {
      for (const std::size_t L : {1U, 2U, 5U, 16U, 17U, 40U}) {
        for (const std::size_t W : {16U, 32U, 48U, 64U}) {
          const SomeHead<TypeParam> head(L, W, dropout);
          std::vector<double> values;
          for (const TypeParam value : head.qkv) values.push_back(double(widened(value)));
          const auto expected = head.context(values);
          std::vector<TypeParam> context(L * (W + 3) + 16);
          of<TypeParam>(*table).attend(head.view(), context.data(), W + 3);
          for (std::size_t i = 0; i < L; ++i) {
            for (std::size_t d = 0; d < W; ++d) {
              EXPECT_NEAR(double(widened(context[i * (W + 3) + d])), expected[i * W + d],
                          2 * this->slack(expected[i * W + d]));
            }
          }
          if (W > 32 || L > 17) continue;
          std::vector<TypeParam> slopes(L * head.stride + 16);
          of<TypeParam>(*table).attend_gradient(
              head.view(), head.dcontext.data(), W + 3,
              {slopes.data(), slopes.data() + W, slopes.data() + 2 * W, head.stride});
          const auto loss = [&](const std::vector<double>& at) {
            const auto out = head.context(at);
            double sum = 0;
            for (std::size_t i = 0; i < L; ++i) {
              for (std::size_t d = 0; d < W; ++d) {
                sum += out[i * W + d] * double(head.dcontext[i * (W + 3) + d]);
              }
            }
            return sum;
          };
          std::mt19937 random(static_cast<std::uint32_t>(L * W));
          for (int trial = 0; trial < 12; ++trial) {
            const std::size_t place = random() % L * head.stride + random() % (3 * W);
            constexpr double kStep = 1e-5;
            auto above = values, below = values;
            above[place] += kStep;
            below[place] -= kStep;
            const double slope = (loss(above) - loss(below)) / (2 * kStep);
            EXPECT_NEAR(double(widened(slopes[place])), slope, 5 * this->slack(slope));
          }
        }
      }
    }
  }
}

TYPED_TEST(TrainKernelsOf, PacksAndTransposesEveryValueToItsPlace) {
  constexpr std::size_t kRows = 64, kCols = 96, kStride = 101, kDepth = 160;
  constexpr std::size_t kInWord = 4 / sizeof(TypeParam);
  std::vector<TypeParam> x(kRows * kStride + 64);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<TypeParam>(i);
  for (const TrainTables* table : tables()) {
    const auto& run = of<TypeParam>(*table);
    const auto columns = allocate<TypeParam>(kRows * kCols),
               expected = allocate<TypeParam>(kRows * kCols);
    run.pack_columns(x.data(), kStride, kRows, kCols, columns.get());
    std::vector<TypeParam> close;
    for (std::size_t r = 0; r < kRows; ++r) {
      close.insert(close.end(), &x[r * kStride], &x[r * kStride] + kCols);
    }
    pack<TypeParam>({close.data(), kRows, kCols}, expected.get());
    EXPECT_TRUE(std::equal(expected.get(), expected.get() + kRows * kCols, columns.get()));

    const auto panels = allocate<TypeParam>(kCols * kDepth);
    run.pack_depth(x.data(), kStride, kRows, kCols, panels.get() + 32 * kPanelWidth,
                   kDepth * kPanelWidth);
    std::vector<TypeParam> turned(kCols * kDepth);
    run.transpose(x.data(), kStride, kRows, kCols, turned.data() + 32, kDepth);
    for (std::size_t r = 0; r < kRows; ++r) {
      for (std::size_t c = 0; c < kCols; ++c) {
        const std::size_t depth = 32 + r;
        const std::size_t at = c / kPanelWidth * kPanelWidth * kDepth +
                               depth / kInWord * kPanelWidth * kInWord + c % kPanelWidth * kInWord +
                               depth % kInWord;
        ASSERT_EQ(panels[at], x[r * kStride + c]);
        ASSERT_EQ(turned[c * kDepth + depth], x[r * kStride + c]);
      }
    }
  }
}

TEST(TrainKernels, DropTheSameInEveryTableAndAsManyAsAsked) {
  constexpr std::size_t kCount = 100'003;
  const Dropout dropout{.key = 123456, .threshold = 429'496'730, .scale = 1 / 0.9F};
  std::vector<float> first;
  for (const TrainTables* table : tables()) {
    std::vector<float> x(kCount, 1);
    table->floats.drop(x.data(), kCount, dropout);
    if (first.empty()) first = x;
    EXPECT_EQ(x, first);
  }
  std::size_t zeros = 0;
  for (const float value : first) {
    EXPECT_TRUE(value == 0 || value == dropout.scale);
    zeros += value == 0 ? 1 : 0;
  }
  EXPECT_NEAR(double(zeros) / kCount, 0.1, 0.004);
}

TEST(TrainKernels, StepAsAdamWDoes) {
  constexpr std::size_t kCount = 37;
  const AdamStep step{.first_decay = 0.9F,
                      .second_decay = 0.999F,
                      .keep = 0.99F,
                      .rate = 0.1F,
                      .root = 3,
                      .epsilon = 1e-8F,
                      .gradient_scale = 0.5F};
  const auto g = random_vector(kCount, 1), w = random_vector(kCount, 2),
             m = random_vector(kCount, 3);
  for (const TrainTables* table : tables()) {
    auto weight = w, mean = m;
    std::vector<float> square(kCount, 0.25F);
    table->floats.adam(step, g.data(), kCount, weight.data(), mean.data(), square.data());
    for (std::size_t i = 0; i < kCount; ++i) {
      const double gradient = double(g[i]) * 0.5;
      const double first = double(m[i]) * 0.9 + gradient * 0.1;
      const double second = 0.25 * 0.999 + gradient * gradient * 0.001;
      EXPECT_NEAR(double(mean[i]), first, 1e-6);
      EXPECT_NEAR(double(square[i]), second, 1e-6);
      EXPECT_NEAR(double(weight[i]),
                  double(w[i]) * 0.99 - 0.1 * first / (std::sqrt(second) * 3 + 1e-8), 1e-6);
    }
  }
}

TEST(TrainKernels, SumSquaresInDouble) {
  const auto x = random_vector(10'001, 4);
  double sum = 0;
  for (const float value : x) sum += double(value) * double(value);
  for (const TrainTables* table : tables()) {
    EXPECT_NEAR(table->floats.square_sum(x.data(), x.size()), sum, sum * 1e-6);
  }
}

}  // namespace
}  // namespace enlace
