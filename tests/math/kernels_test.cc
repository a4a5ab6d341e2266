#include "math/kernels.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace enlace {
namespace {

std::vector<float> random_vector(std::size_t n, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

/// Every table this machine can run but the definition itself.
std::vector<const Kernels*> fast_tables() {
  const KernelList list = runnable_kernels();
  return {list.tables + 1, list.tables + list.count};
}

class KernelsTest : public testing::TestWithParam<std::size_t> {};

TEST_P(KernelsTest, DotAgreesWithTheScalarDefinition) {
  const std::size_t n = GetParam();
  const auto a = random_vector(n + 1, 1);
  const auto b = random_vector(n + 1, 2);
  for (const Kernels* table : fast_tables()) {
    EXPECT_NEAR(table->dot(a.data() + 1, b.data() + 1, n),
                kScalarKernels.dot(a.data() + 1, b.data() + 1, n), 1e-5F * float(n + 1))
        << table->name;
  }
}

TEST_P(KernelsTest, NormalizedSumsAgreeWithTheScalarDefinition) {
  const std::size_t n = GetParam();
  if (n == 0) return;  // the mean of nothing
  const auto y = random_vector(n, 2);
  const auto gain = random_vector(n, 3);
  const auto shift = random_vector(n, 4);
  auto expected = random_vector(n + 1, 1);
  kScalarKernels.add_normalize(expected.data(), y.data(), gain.data(), shift.data(), 1e-5F, n);
  for (const Kernels* table : fast_tables()) {
    auto found = random_vector(n + 1, 1);
    table->add_normalize(found.data(), y.data(), gain.data(), shift.data(), 1e-5F, n);
    for (std::size_t i = 0; i <= n; ++i) {  // the one after the end must not change
      ASSERT_NEAR(found[i], expected[i], 2e-5F) << table->name << ' ' << i;
    }
  }
}

TEST_P(KernelsTest, SoftmaxAgreesWithTheScalarDefinition) {
  const std::size_t n = GetParam();
  if (n == 0) return;
  for (const float spread : {1.0F, 1000.0F}) {  // the wider one underflows
    auto scores = random_vector(n + 1, 5);
    for (std::size_t i = 0; i < n; ++i) scores[i] = (scores[i] - 3) * spread;
    auto expected = scores;
    kScalarKernels.softmax(expected.data(), n, 0.3F);
    for (const Kernels* table : fast_tables()) {
      auto found = scores;
      table->softmax(found.data(), n, 0.3F);
      for (std::size_t i = 0; i <= n; ++i) {
        ASSERT_NEAR(found[i], expected[i], 1e-6F) << table->name << ' ' << i;
      }
    }
  }
}

// Around every multiple of the vector width, where the tail loops begin and end.
INSTANTIATE_TEST_SUITE_P(Sizes, KernelsTest, testing::Values(0, 1, 7, 8, 9, 15, 16, 17, 767, 768));

TEST(Gelu, IsAsNearItsDefinitionAsItSays) {
  const std::vector<float> bias(kPanelWidth, 0.25F);
  for (float start = -8; start < 8; start += 0.003F * kPanelWidth) {
    float values[kPanelWidth];
    for (std::size_t j = 0; j < kPanelWidth; ++j) values[j] = start + 0.003F * float(j);
    for (const Kernels* table : fast_tables()) {
      for (const bool rough : {false, true}) {
        float found[kPanelWidth];
        std::copy(values, values + kPanelWidth, found);
        (rough ? table->add_bias_rough_gelu : table->add_bias_gelu)(found, kPanelWidth, 1,
                                                                    bias.data());
        for (std::size_t j = 0; j < kPanelWidth; ++j) {
          const double x = double(values[j] + 0.25F);
          ASSERT_NEAR(found[j], x / 2 * (1 + std::erf(x / std::numbers::sqrt2)),
                      rough ? 3e-4 : 1e-6)
              << table->name << " at " << x;
        }
      }
    }
  }
}

TEST(Gelu, IsExactFarFromZeroAndKeepsNaN) {
  const std::vector<float> bias(kPanelWidth);
  for (const Kernels* table : fast_tables()) {
    std::vector<float> values(kPanelWidth, -1e6F);
    values[1] = 1e6F;
    values[2] = std::numeric_limits<float>::quiet_NaN();
    table->add_bias_gelu(values.data(), kPanelWidth, 1, bias.data());
    EXPECT_EQ(values[0], 0) << table->name;
    EXPECT_EQ(values[1], 1e6F) << table->name;
    EXPECT_TRUE(std::isnan(values[2])) << table->name;
    table->add_bias_rough_gelu(values.data(), kPanelWidth, 1, bias.data());
    EXPECT_TRUE(std::isnan(values[2])) << table->name;
  }
}

TEST(Attention, OfShortSequencesAgreesWithTheScalarDefinition) {
  for (const std::size_t head_size : {1U, 8U, 24U, 32U, 33U, 64U, 128U}) {
    const std::size_t width = (head_size + kPanelWidth - 1) / kPanelWidth * kPanelWidth;
    const std::size_t stride = 3 * width + 5;
    for (std::size_t tokens = 1; tokens <= kShortTokens; ++tokens) {
      auto rows = random_vector(tokens * stride, std::uint32_t(tokens));
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % stride < 3 * width && i % stride % width >= head_size) rows[i] = 0;
      }
      const AttentionHead head{
          rows.data(), rows.data() + width, rows.data() + 2 * width, stride, tokens, head_size,
          width};
      for (const std::size_t queries : {std::size_t{1}, tokens}) {
        std::vector<float> expected(queries * (width + 3), 9);
        kScalarKernels.attend_short(head, queries, 0.7F, expected.data(), width + 3);
        for (const Kernels* table : fast_tables()) {
          std::vector<float> found(queries * (width + 3), 9);
          table->attend_short(head, queries, 0.7F, found.data(), width + 3);
          for (std::size_t i = 0; i < found.size(); ++i) {
            ASSERT_NEAR(found[i], expected[i], 2e-5F)
                << table->name << ' ' << head_size << ' ' << tokens << ' ' << i;
          }
        }
      }
    }
  }
}

TEST(Bias, IsAddedToEveryRowOfAPanelAndNowhereElse) {
  const auto bias = random_vector(kPanelWidth, 6);
  for (const Kernels* table : fast_tables()) {
    std::vector<float> c(3 * (kPanelWidth + 1), 1);
    table->add_bias(c.data(), kPanelWidth + 1, 3, bias.data());
    for (std::size_t i = 0; i < c.size(); ++i) {
      const std::size_t j = i % (kPanelWidth + 1);
      EXPECT_EQ(c[i], j < kPanelWidth ? 1 + bias[j] : 1) << table->name;
    }
  }
}

TEST_P(KernelsTest, RoundingToBf16AgreesWithTheScalarDefinition) {
  const std::size_t n = GetParam();
  auto x = random_vector(n + 1, 7);
  if (n > 6) {
    x[1] = std::numeric_limits<float>::quiet_NaN();
    x[2] = std::numeric_limits<float>::infinity();
    x[3] = std::numeric_limits<float>::max();
    x[4] = 1.00390625F;  // in the middle between two: to the even one
    x[5] = 1e-40F;
  }
  std::vector<Bf16> expected(n + 2, 7);
  kScalarKernels.to_bf16(x.data() + 1, n, expected.data() + 1);
  for (const Kernels* table : fast_tables()) {
    std::vector<Bf16> found(n + 2, 7);
    table->to_bf16(x.data() + 1, n, found.data() + 1);
    EXPECT_EQ(found, expected) << table->name;  // the ones around must not change
  }
}

TEST_P(KernelsTest, QuantizedRowsAreThoseOfTheScalarDefinition) {
  const std::size_t n = GetParam();
  for (const float shift : {0.0F, 5.0F, -5.0F}) {
    auto x = random_vector(n + 1, 8);
    for (float& value : x) value += shift;
    const auto scale = random_vector(n + 1, 9);
    std::vector<std::uint8_t> expected(n + 2, 7);
    float step = -1;
    std::int32_t zero = -1;
    kScalarKernels.quantize(x.data() + 1, scale.data() + 1, n, expected.data() + 1, &step, &zero);
    ASSERT_TRUE(zero >= 0 && zero <= 255);
    for (std::size_t i = 1; i <= n; ++i) {  // the bytes stand for the values
      ASSERT_NEAR(step * float(expected[i] - zero), x[i] * scale[i], 0.501F * step);
    }
    for (const Kernels* table : fast_tables()) {
      std::vector<std::uint8_t> found(n + 2, 7);
      float found_step = -1;
      std::int32_t found_zero = -1;
      table->quantize(x.data() + 1, scale.data() + 1, n, found.data() + 1, &found_step,
                      &found_zero);
      EXPECT_EQ(found, expected) << table->name;
      EXPECT_EQ(found_step, step) << table->name;
      EXPECT_EQ(found_zero, zero) << table->name;
    }
  }
}

TEST(Quantize, ARowThatIsNotFiniteHasAStepThatIsNot) {
  const std::vector<float> scale(20, 1);
  for (const Kernels* table : fast_tables()) {
    std::vector<float> x(20, 1);
    x[17] = std::numeric_limits<float>::infinity();
    std::vector<std::uint8_t> y(20);
    float step = 0;
    std::int32_t zero = 0;
    table->quantize(x.data(), scale.data(), 20, y.data(), &step, &zero);
    EXPECT_FALSE(std::isfinite(step)) << table->name;
  }
}

TEST(Dequantize, AgreesWithTheScalarDefinition) {
  constexpr std::size_t kRows = 5;
  std::mt19937 random(3);
  std::vector<std::int32_t> sums(kRows * kPanelWidth), column_sums(kPanelWidth), zeros(kRows);
  for (auto& value : sums) value = std::int32_t(random() % 2'000'000) - 1'000'000;
  for (auto& value : column_sums) value = std::int32_t(random() % 20'000) - 10'000;
  for (auto& value : zeros) value = std::int32_t(random() % 256);
  auto steps = random_vector(kRows, 1);
  const auto scales = random_vector(kPanelWidth, 2), bias = random_vector(kPanelWidth, 3);
  for (float& step : steps) step *= 1e-6F;
  const QuantizedRows rows{steps.data(), zeros.data()};
  const QuantizedColumns columns{scales.data(), column_sums.data()};
  constexpr std::size_t kStride = kPanelWidth + 3;
  for (const bool gelu : {false, true}) {
    const auto run = [&](const Kernels& table) {
      std::vector<float> c(kRows * kStride, 9);
      const auto add = gelu ? table.dequantize_rough_gelu : table.dequantize;
      add(sums.data(), kRows, rows, columns, bias.data(), 0, c.data(), kStride);
      add(sums.data(), kRows, rows, columns, c.data(), kStride, c.data(), kStride);
      return c;
    };
    const auto expected = run(kScalarKernels);
    for (const Kernels* table : fast_tables()) {
      const auto found = run(*table);
      for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_NEAR(found[i], expected[i], gelu ? 7e-4 : 2e-5) << table->name << ' ' << i;
      }
    }
  }
}

}  // namespace
}  // namespace enlace
