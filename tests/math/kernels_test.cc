#include "math/kernels.h"

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

// Around every multiple of the vector width, where the tail loops begin and end.
INSTANTIATE_TEST_SUITE_P(Sizes, KernelsTest, testing::Values(0, 1, 7, 8, 9, 15, 16, 17, 767, 768));

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
