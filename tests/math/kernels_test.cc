#include "math/kernels.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "math/packed_matrix.h"

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

TEST_P(KernelsTest, ProductsAgreeWithTheScalarDefinition) {
  const std::size_t k = GetParam();
  for (const std::size_t m : {0U, 1U, 5U, 6U, 7U, 11U, 12U, 13U, 40U}) {
    const auto a = random_vector(m * (k + 3), 1);
    const auto b = random_vector(kPanelWidth * k, 2);
    const PackedMatrix packed({b.data(), kPanelWidth, k});
    std::vector<float> expected(m * kPanelWidth);
    kScalarKernels.multiply_panel(a.data(), k + 3, m, packed.panel(0), k, expected.data(),
                                  kPanelWidth);
    for (const Kernels* table : fast_tables()) {
      std::vector<float> found(m * kPanelWidth);
      table->multiply_panel(a.data(), k + 3, m, packed.panel(0), k, found.data(), kPanelWidth);
      for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_NEAR(found[i], expected[i], 1e-5F * float(k + 1)) << table->name << ' ' << m;
      }
    }
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

TEST(Gelu, IsWithinOneMillionthOfItsDefinition) {
  const std::vector<float> bias(kPanelWidth, 0.25F);
  for (float start = -8; start < 8; start += 0.003F * kPanelWidth) {
    float values[kPanelWidth];
    for (std::size_t j = 0; j < kPanelWidth; ++j) values[j] = start + 0.003F * float(j);
    for (const Kernels* table : fast_tables()) {
      float found[kPanelWidth];
      std::copy(values, values + kPanelWidth, found);
      table->add_bias_gelu(found, kPanelWidth, 1, bias.data());
      for (std::size_t j = 0; j < kPanelWidth; ++j) {
        const double x = double(values[j] + 0.25F);
        ASSERT_NEAR(found[j], x / 2 * (1 + std::erf(x / std::numbers::sqrt2)), 1e-6)
            << table->name << " at " << x;
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

TEST(Multiply, TimesAPackedMatrixIsTheProductWithItsRows) {
  const std::size_t M = 5, N = 37, K = 9;
  const auto a = random_vector(M * K, 3);
  const auto b = random_vector(N * K, 4);
  const PackedMatrix packed({b.data(), N, K});
  std::vector<float> c(M * packed.padded_rows());
  multiply({a.data(), M, K}, packed, {c.data(), M, packed.padded_rows()});
  for (std::size_t m = 0; m < M; ++m) {
    for (std::size_t n = 0; n < N; ++n) {
      EXPECT_NEAR(c[m * packed.padded_rows() + n], kScalarKernels.dot(&a[m * K], &b[n * K], K),
                  1e-5F);
    }
  }
}

}  // namespace
}  // namespace enlace
