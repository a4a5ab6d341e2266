#include "nn/tensor.h"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "base/error.h"

namespace enlace {
namespace {

TEST(Tensor, EveryHalfIsItself) {
  for (std::uint32_t half = 0; half <= 0xFFFF; ++half) {
    const float value = from_half(std::uint16_t(half));
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(from_half(to_half(value)))) << half;
    } else {
      ASSERT_EQ(to_half(value), half);
    }
  }
}

TEST(Tensor, AHalfIsTheNearestOneTiesToEven) {
  std::mt19937 random(1);
  std::uniform_int_distribution<std::uint16_t> halves(0, 0x7BFE);  // positive, with one above
  for (int i = 0; i < 100'000; ++i) {
    const std::uint16_t low = halves(random);
    const float a = from_half(low);
    const float b = from_half(std::uint16_t(low + 1));
    const float middle = (a + b) / 2;  // exact: halves have few bits
    ASSERT_EQ(to_half(std::nextafter(middle, 0.0F)), low);
    ASSERT_EQ(to_half(std::nextafter(middle, b)), low + 1);
    ASSERT_EQ(to_half(middle), low % 2 == 0 ? low : low + 1);
    ASSERT_EQ(to_half(-middle), 0x8000 | (low % 2 == 0 ? low : low + 1));
  }
  EXPECT_EQ(to_half(65519.996F), 0x7BFF);
  EXPECT_EQ(to_half(65520), 0x7C00);
  EXPECT_EQ(to_half(std::numeric_limits<float>::infinity()), 0x7C00);
  EXPECT_EQ(to_half(std::numeric_limits<float>::denorm_min()), 0);
}

/// Two rows of two blocks.
struct Blocks {
  std::vector<std::uint16_t> scales = {to_half(1), to_half(0.5F), to_half(-2), to_half(0)};
  std::vector<std::byte> pairs;

  Blocks() {
    for (int i = 0; i < 64; ++i) pairs.push_back(std::byte(i * 37 % 256));
  }
  Tensor tensor() const {
    return {"x", TensorType::kI4, {2, 64}, pairs, std::as_bytes(std::span(scales))};
  }
  float value(std::size_t i) const {
    const std::size_t at = i % 32;
    const int pair = std::to_integer<int>(pairs[i / 32 * 16 + at % 16]);
    return from_half(scales[i / 32]) * float((at < 16 ? pair & 15 : pair >> 4) - 8);
  }
};

TEST(Tensor, ReadsAnyRangeOfFourBitNumbers) {
  const Blocks blocks;
  for (std::size_t first = 0; first < 128; ++first) {
    for (std::size_t count = 0; first + count <= 128; count += 7) {
      std::vector<float> out(count);
      read_values(blocks.tensor(), first, out);
      for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(out[i], blocks.value(first + i));
    }
  }
}

TEST(Tensor, ComplainsOfFourBitNumbersWithAnInfiniteScale) {
  Blocks blocks;
  EXPECT_EQ(load_values(blocks.tensor(), "m").size(), 128U);
  blocks.scales[2] = 0x7C00;
  EXPECT_THROW(load_values(blocks.tensor(), "m"), Error);
}

}  // namespace
}  // namespace enlace
