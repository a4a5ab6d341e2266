#include "math/block_products.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <random>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "math/buffer.h"
#include "math/tier.h"

namespace enlace {
namespace {

/// Rows, panels and bases of all types, and what each table makes of them.
class BlockProductsTest : public testing::TestWithParam<std::tuple<std::size_t, std::size_t>> {
 protected:
  static constexpr std::size_t kPanels = 3, kMostDepth = 384, kPanelStride = 448 * kPanelWidth,
                               kWidth = kPanels * kPanelWidth;
  static constexpr std::size_t kStride = kMostDepth + 64, kOut = kWidth + 5;

  BlockProductsTest() {
    for (std::size_t i = 0; i < kMostBlockRows * kStride; ++i) {
      rows_.at(i)[0] = normal_(random_);
      half_rows_.at(i)[0] = bf16(normal_(random_));
      byte_rows_.at(i)[0] = std::uint8_t(random_());
    }
    for (std::size_t i = 0; i < kPanels * kPanelStride; ++i) {
      panels_.at(i)[0] = normal_(random_) / 8;
      half_panels_.at(i)[0] = bf16(normal_(random_) / 8);
      byte_panels_.at(i)[0] = std::int8_t(random_());
      if (products().wants_narrow) byte_panels_.at(i)[0] /= 4;
    }
    for (float& value : base_) value = normal_(random_);
    for (std::size_t j = 0; j < kWidth; ++j) {
      scale_[j] = 0.1F * normal_(random_);
      small_scale_[j] = 0.01F * scale_[j];
    }
    for (auto& value : column_sum_) value = std::int32_t(random_() % 2000) - 1000;
    for (std::size_t i = 0; i < kMostBlockRows; ++i) {
      step_[i] = 1e-4F * std::fabs(normal_(random_));
      shift_[i] = step_[i] * float(random_() % 256);
    }
  }

  static Bf16 bf16(float value) { return Bf16(std::bit_cast<std::uint32_t>(value) >> 16); }

  Block<float, float> floats() const { return block(rows_, panels_); }
  Block<Bf16, Bf16> halves() const { return block(half_rows_, half_panels_); }
  Block<std::uint8_t, std::int8_t> bytes() const { return block(byte_rows_, byte_panels_); }
  BlockScales scales() const { return {{step_, shift_}, {scale_, column_sum_}}; }
  /// With which 256 are less than 1e-4.
  BlockScales small_scales() const { return {{step_, shift_}, {small_scale_, column_sum_}}; }

  /// What `make` writes over a base: a bias, and the matrix itself.
  template <class Make>
  std::vector<std::vector<float>> over_bases(const Make& make) const {
    std::vector<float> of_bias(rows_count_ * kOut, 9), of_itself(rows_count_ * kOut, 3);
    make(Base{base_, 0}, of_bias.data());
    make(Base{of_itself.data(), kOut}, of_itself.data());
    return {of_bias, of_itself};
  }

  /// The same of halves.
  template <class Make>
  std::vector<std::vector<Half>> over_half_bases(const Make& make) const {
    std::vector<Half> of_bias(rows_count_ * kOut, kOne), of_itself(rows_count_ * kOut, kOne);
    make(HalfBase{base_, nullptr, 0}, of_bias.data());
    make(HalfBase{nullptr, of_itself.data(), kOut}, of_itself.data());
    return {of_bias, of_itself};
  }

  template <class Make>
  std::vector<std::uint16_t> over_bias(const Make& make) const {
    std::vector<std::uint16_t> of_bias(rows_count_ * kOut, 9);
    make(Base{base_, 0}, of_bias.data());
    return of_bias;
  }

  static void expect_near_halves(const std::vector<std::vector<Half>>& found,
                                 const std::vector<std::vector<Half>>& expected, float error) {
    for (std::size_t b = 0; b < found.size(); ++b) {
      for (std::size_t i = 0; i < found[b].size(); ++i) {
        float value = 0, goal = 0;
        kScalarKernels.from_halves(&found[b][i], 1, &value);
        kScalarKernels.from_halves(&expected[b][i], 1, &goal);
        ASSERT_NEAR(value, goal, error + std::fabs(goal) / 512) << "base " << b << " value " << i;
      }
    }
  }

  static void expect_near(const std::vector<std::vector<float>>& found,
                          const std::vector<std::vector<float>>& expected) {
    for (std::size_t b = 0; b < found.size(); ++b) {
      for (std::size_t i = 0; i < found[b].size(); ++i) {
        ASSERT_NEAR(found[b][i], expected[b][i], 2e-4) << "base " << b << " value " << i;
      }
    }
  }

  static constexpr Half kOne = 0x3C00;
  std::size_t rows_count_ = std::get<0>(GetParam()), depth_ = std::get<1>(GetParam());

  float base_[kWidth], scale_[kWidth], small_scale_[kWidth], step_[kMostBlockRows],
      shift_[kMostBlockRows];

 private:
  template <class T>
  static Buffer<T> room(std::size_t count) {
    Buffer<T> buffer;
    buffer.shape(1, count);
    return buffer;
  }

  template <class A, class B>
  Block<A, B> block(const Buffer<A>& rows, const Buffer<B>& panels) const {
    return {rows.at(0), kStride, rows_count_, panels.at(0), kPanelStride, depth_, kPanels};
  }

  std::mt19937 random_{1};
  std::normal_distribution<float> normal_;
  Buffer<float> rows_ = room<float>(kMostBlockRows * kStride);
  Buffer<Bf16> half_rows_ = room<Bf16>(kMostBlockRows * kStride);
  Buffer<std::uint8_t> byte_rows_ = room<std::uint8_t>(kMostBlockRows * kStride);
  Buffer<float> panels_ = room<float>(kPanels * kPanelStride);
  Buffer<Bf16> half_panels_ = room<Bf16>(kPanels * kPanelStride);
  Buffer<std::int8_t> byte_panels_ = room<std::int8_t>(kPanels * kPanelStride);
  std::int32_t column_sum_[kWidth];
};

TEST_P(BlockProductsTest, OfFloatsAreTheirSums) {
  const auto found = over_bases([&](Base base, float* c) {
    kComposedBlockProducts.floats_to_floats(floats(), base, c, kOut);
  });
  const auto block = floats();
  for (std::size_t i = 0; i < rows_count_; ++i) {
    for (std::size_t j = 0; j < kOut; ++j) {
      double sum = 3;
      for (std::size_t l = 0; j < kWidth && l < depth_; ++l) {
        sum +=
            double(block.rows[i * kStride + l]) *
            double(
                block.panels[j / kPanelWidth * kPanelStride + l * kPanelWidth + j % kPanelWidth]);
      }
      ASSERT_NEAR(found[1][i * kOut + j], sum, 1e-4);
    }
  }
}

TEST_P(BlockProductsTest, OfTilesAreThoseOfTheDefinition) {
  if (!runs(Tier::kAmx)) GTEST_SKIP() << "this machine has no AMX";
  if (current_tier() != Tier::kAmx) GTEST_SKIP() << "the tier is another";
  const ProductScope scope;
  const BlockProducts tiles = with_tiles(kComposedBlockProducts);
  const auto of = [&](const BlockProducts& table) {
    return std::vector{
        over_bases([&](Base base, float* c) { table.bf16_to_floats(halves(), base, c, kOut); }),
        over_bases(
            [&](Base base, float* c) { table.bytes_to_floats(bytes(), scales(), base, c, kOut); })};
  };
  const auto found = of(tiles), expected = of(kComposedBlockProducts);
  for (std::size_t i = 0; i < found.size(); ++i) expect_near(found[i], expected[i]);

  const auto halves_of = [&](const BlockProducts& table) {
    const auto of_bytes = [&](HalfBase base, Bf16* c) {
      table.bytes_to_bf16(bytes(), scales(), base, c, kOut);
    };
    auto made = over_half_bases(of_bytes);
    made.push_back(
        over_bias([&](Base base, Bf16* c) { table.bf16_to_gelu(halves(), base, c, kOut); }));
    made.push_back(
        over_bias([&](Base base, Bf16* c) { table.bf16_to_bf16(halves(), base, c, kOut); }));
    return made;
  };
  const auto found_halves = halves_of(tiles), expected_halves = halves_of(kComposedBlockProducts);
  for (std::size_t t = 0; t < found_halves.size(); ++t) {
    for (std::size_t i = 0; i < found_halves[t].size(); ++i) {
      const float value = std::bit_cast<float>(std::uint32_t{found_halves[t][i]} << 16);
      const float goal = std::bit_cast<float>(std::uint32_t{expected_halves[t][i]} << 16);
      ASSERT_NEAR(value, goal, 1e-3F + std::fabs(goal) / 128) << t << " value " << i;
    }
  }

  // Those may be of sums that are cut to multiples of 256.
  const auto binary16_of = [&](const BlockProducts& table, const BlockScales& by) {
    return std::vector{over_half_bases([&](HalfBase base, Half* c) {
                         table.bytes_to_halves(bytes(), by, base, c, kOut);
                       }),
                       over_half_bases([&](HalfBase base, Half* c) {
                         table.bytes_to_gelu(bytes(), by, base, c, kOut);
                       })};
  };
  for (const BlockScales& by : {scales(), small_scales()}) {
    const auto halves_found = binary16_of(tiles, by);
    const auto halves_expected = binary16_of(kComposedBlockProducts, by);
    const float error = by.columns.scale == scale_ ? 2e-2F : 6e-4F;
    for (std::size_t i = 0; i < 2; ++i) {
      expect_near_halves(halves_found[i], halves_expected[i], error);
    }
  }
}

TEST_P(BlockProductsTest, GeluOfTilesIsExactFarFromZeroAndKeepsNaN) {
  if (!runs(Tier::kAmx)) GTEST_SKIP() << "this machine has no AMX";
  if (current_tier() != Tier::kAmx) GTEST_SKIP() << "the tier is another";
  const ProductScope scope;
  const float far[] = {NAN, HUGE_VALF, -HUGE_VALF, 1000, -1000};
  for (std::size_t j = 0; j < kWidth; ++j) base_[j] = far[j % std::size(far)];
  const auto found = over_half_bases([&](HalfBase base, Half* c) {
    with_tiles(kComposedBlockProducts).bytes_to_gelu(bytes(), small_scales(), base, c, kOut);
  })[0];
  for (std::size_t i = 0; i < rows_count_; ++i) {
    for (std::size_t j = 0; j < kWidth; ++j) {
      float value = 0;
      kScalarKernels.from_halves(&found[i * kOut + j], 1, &value);
      const float x = far[j % std::size(far)];
      if (std::isnan(x)) {
        ASSERT_TRUE(std::isnan(value));
      } else if (x == HUGE_VALF) {
        ASSERT_EQ(value, x);
      } else {
        ASSERT_NEAR(value, std::max(x, 0.0F), x > 0 ? 0.5F : 3e-4F);  // steps of binary16 near 1000
      }
    }
  }
}

// Depths of which rows are finished one by one, and at places that are fixed.
INSTANTIATE_TEST_SUITE_P(Rows, BlockProductsTest,
                         testing::Combine(testing::Values(1, 15, 16, 17, 31, 32, 33, 47, 48, 60, 63,
                                                          64),
                                          testing::Values(192, 384)));

}  // namespace
}  // namespace enlace
