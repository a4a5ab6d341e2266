#include "index/row_filter.h"

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
