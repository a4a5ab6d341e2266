#include "index/isotropic_view.h"

#include <cmath>
#include <filesystem>
#include <random>

#include <gtest/gtest.h>

#include "base/error.h"
#include "math/kernels.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t D = 24;

/// Random vectors in a narrow cone, in a file, with groups of two rows.
class IsotropicViewTest : public testing::Test {
 protected:
  fs::path fresh(const std::string& name) const {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    const fs::path path = fs::path(testing::TempDir()) / (std::string(test->name()) + name);
    fs::remove(path);
    return path;
  }

  FlatIndex vectors(std::size_t count, float deviation = 0.3F) const {
    std::mt19937 random(9);
    std::normal_distribution<float> normal;
    std::vector<float> x(count * D);
    for (float& value : x) value = 1 + deviation * normal(random);
    const auto path = fresh(".vectors");
    FlatIndexWriter writer(path, D, 0);
    writer.append({x.data(), count, D});
    writer.finish();
    return FlatIndex::open(path);
  }

  IsotropicView view(const FlatIndex& index) const {
    std::vector<std::uint32_t> starts, rows;
    for (std::uint32_t row = 0; row < index.size(); ++row) {
      if (row % 2 == 0) starts.push_back(row);
      rows.push_back(row);
    }
    starts.push_back(std::uint32_t(rows.size()));
    const auto path = fresh(".view");
    write_isotropic_view(path, index, {starts, rows}, 5);
    return IsotropicView::open(path, D, index.size(), starts.size() - 1);
  }

  float score(const FlatIndex& index, const IsotropicView& of, std::span<const float> query,
              std::uint32_t row) const {
    const IsotropicQuery q = of.prepare(query);
    return of.row_score(q, kernels().dot(q.direction.data(), index.vector(row).data(), D), row);
  }
};

TEST_F(IsotropicViewTest, GivesARowTheScoreOneWithItself) {
  const FlatIndex index = vectors(600);
  const IsotropicView of = view(index);
  for (const std::uint32_t row : {0U, 7U, 599U}) {
    EXPECT_NEAR(score(index, of, index.vector(row), row), 1, 1e-4F);
  }
}

TEST_F(IsotropicViewTest, SpreadsVectorsThatCrowdInACone) {
  const FlatIndex index = vectors(600);
  const IsotropicView of = view(index);
  double plain = 0, even = 0;
  for (std::uint32_t row = 1; row < 600; ++row) {
    const auto a = index.vector(0), b = index.vector(row);
    const auto dot = [](std::span<const float> x, std::span<const float> y) {
      return kScalarKernels.dot(x.data(), y.data(), D);
    };
    plain += double(dot(a, b) / std::sqrt(dot(a, a) * dot(b, b)));
    even += double(score(index, of, a, row));
  }
  EXPECT_GT(plain / 599, 0.8);
  EXPECT_NEAR(even / 599, 0, 0.05);
}

TEST_F(IsotropicViewTest, AGroupIsScoredByTheSumOfItsRows) {
  const FlatIndex index = vectors(600);
  const IsotropicView of = view(index);
  const auto query = index.vector(3);
  const float sum = score(index, of, query, 2) + score(index, of, query, 3);
  EXPECT_LE(of.group_score(sum, 1), 1.0001F);
  EXPECT_GT(of.group_score(sum, 1), sum / 2);  // the sum of two unit vectors is shorter than 2
}

TEST_F(IsotropicViewTest, OfFewRowsIsThePlainCosine) {
  const FlatIndex index = vectors(10);
  const IsotropicView of = view(index);
  const auto a = index.vector(0), b = index.vector(1);
  const auto dot = [](std::span<const float> x, std::span<const float> y) {
    return kScalarKernels.dot(x.data(), y.data(), D);
  };
  EXPECT_NEAR(score(index, of, a, 1), dot(a, b) / std::sqrt(dot(a, a) * dot(b, b)), 1e-5F);
}

TEST_F(IsotropicViewTest, OfVectorsThatAreSpreadOutIsThePlainCosine) {
  // With a deviation s the rows have 1 / (1 + s^2) in common.
  EXPECT_FALSE(view(vectors(600, 0.7F)).plain());  // 0.67
  const auto index = vectors(600, 0.8F);           // 0.61
  const auto spread = view(index);
  ASSERT_TRUE(spread.plain());
  const auto x = index.vector(0), y = index.vector(1);
  const auto dot = kernels().dot;
  const float cosine = dot(x.data(), y.data(), D) /
                       std::sqrt(dot(x.data(), x.data(), D) * dot(y.data(), y.data(), D));
  EXPECT_NEAR(score(index, spread, x, 1), cosine, 1e-5F);
}

TEST_F(IsotropicViewTest, RefusesAFileOfAnotherShape) {
  const FlatIndex index = vectors(10);
  view(index);
  const auto path = fs::path(testing::TempDir()) / "RefusesAFileOfAnotherShape.view";
  EXPECT_THROW(IsotropicView::open(path, D, 11, 5), Error);
  EXPECT_THROW(IsotropicView::open(path, D, 10, 6), Error);
  EXPECT_THROW(IsotropicView::open(path, D + 1, 10, 5), Error);
}

}  // namespace
}  // namespace enlace
