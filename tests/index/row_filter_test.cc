#include "index/row_filter.h"

#include <vector>

#include <gtest/gtest.h>

namespace enlace {
namespace {

TEST(RowFilter, AllowsEverythingByDefault) {
  const RowFilter filter;
  EXPECT_TRUE(filter.everything());
  EXPECT_TRUE(filter.allows(0));
  EXPECT_TRUE(filter.allows(4'000'000'000U));
  EXPECT_TRUE(filter.may_allow_within(5, 6));
  EXPECT_FALSE(filter.may_allow_within(5, 5));
}

TEST(RowFilter, AllowsOnlyWhatItWasTold) {
  RowFilter filter(200);
  filter.allow(0);
  filter.allow(63);
  filter.allow(199);
  EXPECT_FALSE(filter.everything());
  for (std::size_t row = 0; row < 1000; ++row) {
    EXPECT_EQ(filter.allows(row), row == 0 || row == 63 || row == 199) << row;
  }
}

TEST(RowFilter, CountsAndVisitsWhatItAllows) {
  EXPECT_EQ(RowFilter().count(7), 7U);
  RowFilter filter(200), other(200);
  for (const std::uint32_t row : {199U, 0U, 64U, 0U}) filter.allow(row);
  for (const std::uint32_t row : {64U, 65U, 199U}) other.allow(row);
  const auto visited = [&] {
    std::vector<std::uint32_t> rows;
    filter.visit([&](std::uint32_t row) { rows.push_back(row); });
    EXPECT_EQ(filter.count(200), rows.size());
    return rows;
  };
  EXPECT_EQ(visited(), (std::vector<std::uint32_t>{0, 64, 199}));
  filter.restrict_to(other);
  EXPECT_EQ(visited(), (std::vector<std::uint32_t>{64, 199}));
  filter.restrict_to(RowFilter(10));
  EXPECT_TRUE(visited().empty());
}

TEST(RowFilter, KnowsEmptyStretches) {
  RowFilter filter(1000);
  filter.allow(500);
  EXPECT_FALSE(filter.may_allow_within(0, 448));
  EXPECT_TRUE(filter.may_allow_within(0, 501));
  EXPECT_TRUE(filter.may_allow_within(500, 501));
  EXPECT_FALSE(filter.may_allow_within(512, 1000));
  EXPECT_FALSE(filter.may_allow_within(5000, 9000));
  EXPECT_FALSE(RowFilter(0).may_allow_within(0, 64));
}

}  // namespace
}  // namespace enlace
