#include "math/products.h"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "math/kernels.h"
#include "math/packed_matrix.h"
#include "math/tier.h"

namespace enlace {

extern const Products kSoftwareAmxProducts;  // products_amx_in_software.cc

namespace {

std::vector<float> random_vector(std::size_t n, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

template <class T>
std::vector<T> random_bits(std::size_t n, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<T> values(n);
  for (T& value : values) value = static_cast<T>(random());
  return values;
}

std::vector<Bf16> random_bf16(std::size_t n, std::uint32_t seed) {
  std::vector<Bf16> values(n);
  kScalarKernels.to_bf16(random_vector(n, seed).data(), n, values.data());
  return values;
}

/// Every table this machine can run, and that of tiles: in software where there are none.
std::vector<const Products*> tables() {
  const ProductTables list = runnable_products();
  std::vector<const Products*> all(list.tables + 1, list.tables + list.count);
  if (runs(Tier::kAvx512Bf16)) all.push_back(&kSoftwareAmxProducts);  // it has AVX-512 code beside
  return all;
}

const std::size_t kHeights[] = {0, 1, 5, 6, 7, 11, 12, 13, 15, 16, 17, 31, 32, 33, 47, 48, 49, 65};

/// The product of `a` (m rows, from the second value on: misaligned) by `run`, in a frame of nines.
template <class C, class A, class B>
std::vector<C> product(void (*run)(const A*, std::size_t, std::size_t, const B*, std::size_t, C*,
                                   std::size_t) noexcept,
                       const std::vector<A>& a, std::size_t a_stride, std::size_t m, const B* panel,
                       std::size_t k) {
  std::vector<C> c(m * (kPanelWidth + 1) + 2, C(9));
  run(a.data() + 1, a_stride, m, panel, k, c.data() + 1, kPanelWidth + 1);
  return c;
}

class ProductsTest : public testing::TestWithParam<std::size_t> {};

TEST_P(ProductsTest, OfF32AgreeWithTheScalarDefinition) {
  const std::size_t k = GetParam();
  const auto b = random_vector(kPanelWidth * k, 2);
  const PackedMatrix packed({b.data(), kPanelWidth, k});
  for (const std::size_t m : kHeights) {
    const auto a = random_vector(m * (k + 3) + 1, 1);
    const auto expected = product(kScalarProducts.multiply_f32, a, k + 3, m, packed.panel(0), k);
    for (const Products* table : tables()) {
      const ProductScope scope(*table);
      const auto found = product(table->multiply_f32, a, k + 3, m, packed.panel(0), k);
      for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_NEAR(found[i], expected[i], 1e-5F * float(k + 1)) << table->name << ' ' << m;
      }
    }
  }
}

TEST_P(ProductsTest, OfBf16AgreeWithTheScalarDefinition) {
  const std::size_t k = packed_depth<Bf16>(GetParam());
  const auto b = random_bf16(kPanelWidth * k, 2);
  const auto panel = allocate<Bf16>(kPanelWidth * k);
  pack<Bf16>({b.data(), kPanelWidth, k}, panel.get());
  for (const std::size_t m : kHeights) {
    const auto a = random_bf16(m * (k + 3) + 1, 1);
    const auto expected = product(kScalarProducts.multiply_bf16, a, k + 3, m, panel.get(), k);
    for (const Products* table : tables()) {
      const ProductScope scope(*table);
      const auto found = product(table->multiply_bf16, a, k + 3, m, panel.get(), k);
      for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_NEAR(found[i], expected[i], 1e-5F * float(k + 1)) << table->name << ' ' << m;
      }
    }
  }
}

/// Compares `multiply` of every table with the scalar definition for the columns `b` (32, k).
void expect_exact(decltype(&Products::multiply_int8) multiply, const std::vector<std::int8_t>& b,
                  std::size_t k) {
  const auto panel = allocate<std::int8_t>(kPanelWidth * k);
  pack<std::int8_t>({b.data(), kPanelWidth, k}, panel.get());
  for (const std::size_t m : kHeights) {
    const auto a = random_bits<std::uint8_t>(m * (k + 3) + 1, 1);
    const auto expected = product(kScalarProducts.multiply_int8, a, k + 3, m, panel.get(), k);
    for (const Products* table : tables()) {
      const ProductScope scope(*table);
      EXPECT_EQ(product(table->*multiply, a, k + 3, m, panel.get(), k), expected)
          << table->name << ' ' << m;
    }
  }
}

TEST_P(ProductsTest, OfBytesAreExact) {
  const std::size_t k = packed_depth<std::int8_t>(GetParam());
  expect_exact(&Products::multiply_int8, random_bits<std::int8_t>(kPanelWidth * k, 2), k);
}

TEST_P(ProductsTest, OfNarrowQuadsAreExact) {
  const std::size_t k = packed_depth<std::int8_t>(GetParam());
  auto b = random_bits<std::int8_t>(kPanelWidth * k, 2);
  for (std::int8_t& value : b) value /= 4;  // four are 128 at most
  expect_exact(&Products::multiply_narrow_int8, b, k);
}

// Around every multiple of the vector width, where the tail loops begin and end.
INSTANTIATE_TEST_SUITE_P(Depths, ProductsTest,
                         testing::Values(0, 1, 7, 8, 9, 16, 63, 65, 384, 600));

TEST(Products, OfExtremeBytesDoNotOverflowOnTheWay) {
  const std::vector<std::uint8_t> a(13 * 64 + 1, 255);
  for (const std::int8_t value : {std::int8_t{-128}, std::int8_t{127}}) {
    const auto panel = allocate<std::int8_t>(kPanelWidth * 64);
    std::fill_n(panel.get(), kPanelWidth * 64, value);
    for (const Products* table : tables()) {
      const ProductScope scope(*table);
      const auto found = product(table->multiply_int8, a, 64, 13, panel.get(), 64);
      EXPECT_EQ(found[1], 255 * value * 64) << table->name;
    }
  }
}

TEST(Products, OfTheWidestNarrowQuadsDoNotOverflowOnTheWay) {
  const std::vector<std::uint8_t> a(13 * 64 + 1, 255);
  // By place in a quad: bytes 0, 1, 4, 5 or 2, 3, 6, 7 of eight.
  const std::int8_t quads[][4] = {{32, 32, 32, 32},     {127, 1, 0, 0},     {0, 0, 64, 64},
                                  {-32, -32, -32, -32}, {-1, 0, -127, 0},   {-64, -64, 0, 0},
                                  {127, 1, -127, -1},   {64, -64, 64, -64}, {1, -128, 127, 0}};
  for (const auto& quad : quads) {
    std::vector<std::int8_t> b(kPanelWidth * 64);
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = quad[i % 8 / 4 * 2 + i % 2];
    for (std::size_t k = 0; k < 64; ++k) sum += b[k];
    const auto panel = allocate<std::int8_t>(b.size());
    pack<std::int8_t>({b.data(), kPanelWidth, 64}, panel.get());
    for (const Products* table : tables()) {
      const ProductScope scope(*table);
      const auto found = product(table->multiply_narrow_int8, a, 64, 13, panel.get(), 64);
      EXPECT_EQ(found[1], 255 * sum) << table->name << ' ' << int(quad[0]) << ' ' << int(quad[1]);
    }
  }
}

TEST(Products, DoNotDependOnTheRowsBesideThem) {
  constexpr std::size_t kDepth = 128, kMost = 65;
  const auto a = random_bf16(kMost * kDepth + 1, 1);
  const auto b = random_bf16(kPanelWidth * kDepth, 2);
  const auto panel = allocate<Bf16>(kPanelWidth * kDepth);
  pack<Bf16>({b.data(), kPanelWidth, kDepth}, panel.get());
  for (const Products* table : tables()) {
    const ProductScope scope(*table);
    const auto all = product(table->multiply_bf16, a, kDepth, kMost, panel.get(), kDepth);
    for (const std::size_t m : kHeights) {
      const auto few = product(table->multiply_bf16, a, kDepth, m, panel.get(), kDepth);
      for (std::size_t i = 1; i + 1 < few.size(); ++i) {
        ASSERT_EQ(few[i], all[i]) << table->name << ' ' << m;
      }
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
