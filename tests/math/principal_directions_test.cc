#include "math/principal_directions.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "math/kernels.h"

namespace enlace {
namespace {

TEST(PrincipalDirections, FindTheAxesOfACloud) {
  const std::size_t N = 1000, D = 40;
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<float> x(N * D);
  for (std::size_t r = 0; r < N; ++r) {
    for (std::size_t d = 0; d < D; ++d) x[r * D + d] = 0.1F * normal(random);
    x[r * D + 11] += 5 * normal(random);
    x[r * D + 30] += 2 * normal(random);
  }
  const auto directions = principal_directions({x.data(), N, D}, 2);
  ASSERT_EQ(directions.size(), 2 * D);
  EXPECT_NEAR(std::fabs(directions[11]), 1, 1e-2F);
  EXPECT_NEAR(std::fabs(directions[D + 30]), 1, 1e-2F);
  EXPECT_NEAR(kScalarKernels.dot(&directions[0], &directions[D], D), 0, 1e-5F);
}

TEST(PrincipalDirections, OfRowsWithFewerDimensionsThanAskedForAreZeroThere) {
  const std::vector<float> x{1, 0, 0, -1, 0, 0};
  const auto directions = principal_directions({x.data(), 2, 3}, 2);
  EXPECT_NEAR(std::fabs(directions[0]), 1, 1e-6F);
  for (std::size_t d = 3; d < 6; ++d) EXPECT_EQ(directions[d], 0);
}

TEST(LeadingBasis, IsOrthonormalWhateverTheRows) {
  const std::size_t N = 50, D = 70;
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  for (const std::size_t rank : {0U, 1U, 3U, 70U}) {
    std::vector<float> x(N * D);
    for (std::size_t r = 0; r < N; ++r) {
      for (std::size_t d = 0; d < rank; ++d) x[r * D + d] = normal(random);
    }
    const auto basis = leading_basis({x.data(), N, D}, 30);
    ASSERT_EQ(basis.size(), D * D);
    for (std::size_t i = 0; i < D; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        EXPECT_NEAR(kScalarKernels.dot(&basis[i * D], &basis[j * D], D), i == j ? 1 : 0, 1e-6F)
            << rank << ' ' << i << ' ' << j;
      }
    }
  }
}

TEST(LeadingBasis, BeginsWithTheDirectionsThatVaryMost) {
  const std::size_t N = 1000, D = 100;
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<float> x(N * D);
  for (std::size_t r = 0; r < N; ++r) {
    for (std::size_t d = 0; d < D; ++d) x[r * D + d] = (d % 10 == 7 ? 1 : 0.1F) * normal(random);
  }
  const auto basis = leading_basis({x.data(), N, D}, 10);
  float share = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    for (std::size_t d = 7; d < D; d += 10) share += basis[i * D + d] * basis[i * D + d] / 10;
  }
  EXPECT_GT(share, 0.98F);
}

TEST(MixedDirections, SpanTheSameAndReachEvenly) {
  const std::size_t D = 200, count = 2 * kMixed;
  std::vector<float> basis(D * D);  // unit vectors, and lengths along them that fall
  for (std::size_t d = 0; d < D; ++d) basis[d * D + d] = 1;
  std::vector<float> x(D);
  for (std::size_t d = 0; d < D; ++d) x[d] = (d % 3 == 0 ? -1 : 1) / float(1 + d);
  mix_directions(basis, D, count);
  float squares = 0, greatest = 0;
  for (std::size_t i = 0; i < D; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      EXPECT_NEAR(kScalarKernels.dot(&basis[i * D], &basis[j * D], D), i == j ? 1 : 0, 1e-6F);
    }
    if (i >= count) {
      EXPECT_EQ(basis[i * D + i], 1);
      continue;
    }
    for (std::size_t d = count; d < D; ++d) EXPECT_EQ(basis[i * D + d], 0);
    const float along = kScalarKernels.dot(&basis[i * D], x.data(), D);
    squares += along * along;
    greatest = std::max(greatest, std::fabs(along));
  }
  EXPECT_NEAR(squares, kScalarKernels.dot(x.data(), x.data(), count), 1e-5F);
  EXPECT_LT(greatest, 0.5F);  // of 1 along the first
}

TEST(MeanRow, IsTheMeanOfEachColumn) {
  const std::vector<float> x{1, 2, 3, 6};
  EXPECT_EQ(mean_row({x.data(), 2, 2}), (std::vector<float>{2, 4}));
}

}  // namespace
}  // namespace enlace
