#include "nn/input_statistics.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "nn/linear.h"

namespace enlace {
namespace {

TEST(InputStatistics, AreTheWidestValuesAndTheSumsOfProductsOfEachSlice) {
  constexpr std::size_t kChannels = kSliceDepth + 21, kRows = 11;
  Random random(3);
  std::vector<float> values(kRows * kChannels);
  for (float& value : values) value = float(random.below(201)) - 100;  // whole: sums are exact
  const MatrixView<const float> x(values.data(), kRows, kChannels);

  InputStatistics whole(kChannels), pieces(kChannels);
  whole.see(x);
  for (const auto& [first, last] : {std::pair{0U, 1U}, {1U, 7U}, {7U, 11U}}) {
    pieces.see(x.slice(first, last));
  }
  EXPECT_EQ(whole.greatest, pieces.greatest);
  EXPECT_EQ(whole.products, pieces.products);

  for (std::size_t k = 0; k < kChannels; ++k) {
    float greatest = 0;
    for (std::size_t n = 0; n < kRows; ++n) greatest = std::max(greatest, std::fabs(x.row(n)[k]));
    ASSERT_EQ(whole.greatest[k], greatest) << k;
    const std::size_t first = k / kSliceDepth * kSliceDepth;
    for (std::size_t l = first; l < std::min(first + kSliceDepth, kChannels); ++l) {
      float sum = 0;
      for (std::size_t n = 0; n < kRows && l <= k; ++n) sum += x.row(n)[k] * x.row(n)[l];
      ASSERT_EQ(whole.products[k * kSliceDepth + l - first], sum) << k << ", " << l;
    }
  }
}

TEST(InputStatistics, TakeColumnsOfOneSliceAlone) {
  const std::vector<float> values{1, -2, 3, 4};
  InputStatistics seen(kSliceDepth + 2);
  seen.see({values.data(), 2, 2}, kSliceDepth);
  EXPECT_EQ(seen.greatest[kSliceDepth], 3);
  EXPECT_EQ(seen.greatest[kSliceDepth + 1], 4);
  EXPECT_EQ(seen.products[(kSliceDepth + 1) * kSliceDepth], -2 + 12);
  EXPECT_EQ(seen.products[0], 0);
}

}  // namespace
}  // namespace enlace
