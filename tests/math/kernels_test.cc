#include "math/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "math/tier.h"
#include "math/tile_attention.h"

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

/// gelu of one block of sums and a bias, in the three forms that a table gives; the halves are of
/// bytes whose sums are multiples of 1 / 1024.
struct Gelus {
  float exact[kPanelWidth], of_bf16[kPanelWidth], of_half[kPanelWidth];
};

float float_of_bf16(Bf16 bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

float float_of_half(Half bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const float magnitude = exponent == 0    ? std::ldexp(float(fraction), -24)
                          : exponent == 31 ? (fraction == 0 ? HUGE_VALF : NAN)
                                           : std::ldexp(float(1024 + fraction), exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

Gelus gelus(const Kernels& table, const float* values, float bias) {
  alignas(64) float sums[kPanelWidth];
  alignas(64) std::int32_t units[kPanelWidth];
  const std::vector<float> biases(kPanelWidth, bias), scales(kPanelWidth, 1 / 1024.0F);
  const std::vector<std::int32_t> column_sums(kPanelWidth, 0);
  const float step = 1, shift = 0;
  for (std::size_t j = 0; j < kPanelWidth; ++j) {
    sums[j] = values[j];
    units[j] = std::isfinite(values[j]) ? std::int32_t(std::lrint(values[j] * 1024)) : 0;
  }
  Gelus found;
  Bf16 bf16[kPanelWidth];
  Half half[kPanelWidth];
  table.add_gelu(sums, 1, {biases.data(), 0}, found.exact, kPanelWidth);
  table.add_gelu_bf16(sums, 1, {biases.data(), 0}, bf16, kPanelWidth);
  table.dequantize_gelu_half(units, 1, {&step, &shift}, {scales.data(), column_sums.data()},
                             {biases.data(), 0}, half, kPanelWidth);
  for (std::size_t j = 0; j < kPanelWidth; ++j) {
    found.of_bf16[j] = float_of_bf16(bf16[j]);
    found.of_half[j] = float_of_half(half[j]);
  }
  return found;
}

double gelu_of(double x) {
  return x / 2 * (1 + std::erf(x / std::numbers::sqrt2));
}

std::vector<const Kernels*> all_tables() {
  const KernelList list = runnable_kernels();
  return {list.tables, list.tables + list.count};
}

TEST(Gelu, IsAsNearItsDefinitionAsItSays) {
  for (float start = -8; start < 8; start += 0.003F * kPanelWidth) {
    float values[kPanelWidth];
    for (std::size_t j = 0; j < kPanelWidth; ++j) {  // whole numbers of 1 / 1024
      values[j] = std::round((start + 0.003F * float(j)) * 1024) / 1024;
    }
    for (const Kernels* table : all_tables()) {
      const Gelus found = gelus(*table, values, 0.25F);
      for (std::size_t j = 0; j < kPanelWidth; ++j) {
        const double goal = gelu_of(double(values[j]) + 0.25), size = std::fabs(values[j] + 0.25);
        ASSERT_NEAR(found.exact[j], goal, 1e-6) << table->name << " at " << values[j];
        ASSERT_NEAR(found.of_bf16[j], goal, 3e-4 + size / 256) << table->name << values[j];
        ASSERT_NEAR(found.of_half[j], goal, 3e-4 + size / 1024) << table->name << values[j];
      }
    }
  }
}

TEST(Gelu, IsExactFarFromZeroAndKeepsNaN) {
  for (const Kernels* table : all_tables()) {
    std::vector<float> values(kPanelWidth, -1e6F);
    values[1] = 1e6F;
    values[2] = std::numeric_limits<float>::quiet_NaN();
    const Gelus found = gelus(*table, values.data(), 0);
    EXPECT_EQ(found.exact[0], 0) << table->name;
    EXPECT_EQ(found.exact[1], 1e6F) << table->name;
    EXPECT_TRUE(std::isnan(found.exact[2])) << table->name;
    EXPECT_TRUE(std::isnan(found.of_bf16[2])) << table->name;
    EXPECT_NEAR(found.of_bf16[0], 0, 3e-4) << table->name;
    EXPECT_NEAR(found.of_half[0], 0, 3e-4) << table->name;
    EXPECT_EQ(found.of_half[1], HUGE_VALF) << table->name;
  }
}

TEST(Attention, OfShortSequencesAgreesWithTheScalarDefinition) {
  for (const std::size_t head_size : {1U, 8U, 24U, 32U, 33U, 64U, 128U}) {
    const std::size_t width = (head_size + kPanelWidth - 1) / kPanelWidth * kPanelWidth;
    const std::size_t stride = 3 * width + 5;
    for (std::size_t tokens = 1; tokens <= kShortTokens; ++tokens) {
      auto rows = random_vector(tokens * stride, std::uint32_t(tokens));
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % stride < 3 * width && i % stride % width >= head_size) rows[i] = 0;
      }
      const AttentionHead head{
          rows.data(), rows.data() + width, rows.data() + 2 * width, stride, tokens, head_size,
          width};
      for (const std::size_t queries : {std::size_t{1}, tokens}) {
        std::vector<float> expected(queries * (width + 3), 9);
        kScalarKernels.attend_short(head, queries, 0.7F, expected.data(), width + 3);
        for (const Kernels* table : fast_tables()) {
          std::vector<float> found(queries * (width + 3), 9);
          table->attend_short(head, queries, 0.7F, found.data(), width + 3);
          for (std::size_t i = 0; i < found.size(); ++i) {
            ASSERT_NEAR(found[i], expected[i], 2e-5F)
                << table->name << ' ' << head_size << ' ' << tokens << ' ' << i;
          }
        }
      }
    }
  }
}

TEST(Attention, ByTilesIsThatOfTheScalarDefinition) {
  if (!runs(Tier::kAmx)) GTEST_SKIP() << "this machine has no AMX";
  const ProductScope scope(kAmxProducts);
  constexpr std::size_t kHeads = 3;
  for (const std::size_t head_size : {1U, 24U, 32U, 33U, 64U, 128U}) {
    const std::size_t width = (head_size + kPanelWidth - 1) / kPanelWidth * kPanelWidth;
    const std::size_t stride = 3 * kHeads * width + 5, out = kHeads * width + 3;
    for (std::size_t tokens = 1; tokens <= kShortTokens; ++tokens) {
      auto rows = random_vector(tokens * stride, std::uint32_t(tokens));
      std::vector<Bf16> halves(rows.size() + kPanelWidth);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % stride % width >= head_size) rows[i] = 0;
        halves[i] = Bf16(std::bit_cast<std::uint32_t>(rows[i]) >> 16);
        rows[i] = float_of_bf16(halves[i]);
      }
      for (const std::size_t queries : {std::size_t{1}, tokens}) {
        std::vector<float> expected(queries * out, 9), found(queries * out, 9);
        for (std::size_t head = 0; head < kHeads; ++head) {
          const float* first = rows.data() + head * width;
          kScalarKernels.attend_short({first, first + kHeads * width, first + 2 * kHeads * width,
                                       stride, tokens, head_size, width},
                                      queries, 0.7F, expected.data() + head * width, out);
        }
        attend_by_tiles({halves.data(), halves.data() + kHeads * width,
                         halves.data() + 2 * kHeads * width, stride, tokens, width, kHeads},
                        queries, 0.7F, found.data(), out);
        for (std::size_t i = 0; i < found.size(); ++i) {
          ASSERT_NEAR(found[i], expected[i], 0.02) << head_size << ' ' << tokens << ' ' << i;
        }
      }
    }
  }
}

TEST(Sums, AreAddedToTheirBaseInTheirBlockAndNowhereElse) {
  constexpr std::size_t kRows = 3, kStride = kPanelWidth + 1;
  const auto base = random_vector(kRows * kStride, 6);
  alignas(64) float sums[kRows * kPanelWidth];
  std::ranges::copy(random_vector(kRows * kPanelWidth, 7), sums);
  for (const Kernels* table : all_tables()) {
    for (const std::size_t base_stride : {std::size_t{0}, kStride}) {
      std::vector<float> c(kRows * kStride, 1);
      table->add(sums, kRows, {base.data(), base_stride}, c.data(), kStride);
      for (std::size_t i = 0; i < c.size(); ++i) {
        const std::size_t row = i / kStride, j = i % kStride;
        const float sum =
            j < kPanelWidth ? base[row * base_stride + j] + sums[row * kPanelWidth + j] : 1;
        EXPECT_EQ(c[i], sum) << table->name;
      }
    }
  }
}

TEST_P(KernelsTest, RoundingToBf16AgreesWithTheScalarDefinition) {
  const std::size_t n = GetParam();
  auto x = random_vector(n + 1, 7);
  if (n > 6) {
    x[1] = std::numeric_limits<float>::quiet_NaN();
    x[2] = std::numeric_limits<float>::infinity();
    x[3] = std::numeric_limits<float>::max();
    x[4] = 1.00390625F;  // in the middle between two: to the even one
    x[5] = 1e-40F;
  }
  std::vector<Bf16> expected(n + 2, 7);
  kScalarKernels.to_bf16(x.data() + 1, n, expected.data() + 1);
  for (const Kernels* table : fast_tables()) {
    std::vector<Bf16> found(n + 2, 7);
    table->to_bf16(x.data() + 1, n, found.data() + 1);
    EXPECT_EQ(found, expected) << table->name;  // the ones around must not change
  }
}

TEST_P(KernelsTest, QuantizedRowsAreThoseOfTheScalarDefinition) {
  const std::size_t n = GetParam();
  for (const float offset : {0.0F, 5.0F, -5.0F}) {
    auto x = random_vector(n + 1, 8);
    for (float& value : x) value += offset;
    const auto scale = random_vector(n + 1, 9);
    std::vector<std::uint8_t> expected(n + 2, 7);
    float step = -1, shift = -1;
    kScalarKernels.quantize(x.data() + 1, scale.data() + 1, n, expected.data() + 1, &step, &shift);
    for (std::size_t i = 1; i <= n; ++i) {  // the bytes stand for the values
      ASSERT_NEAR(step * float(expected[i]) - shift, x[i] * scale[i], 0.501F * step);
    }
    for (const Kernels* table : fast_tables()) {
      std::vector<std::uint8_t> found(n + 2, 7);
      float found_step = -1, found_shift = -1;
      table->quantize(x.data() + 1, scale.data() + 1, n, found.data() + 1, &found_step,
                      &found_shift);
      EXPECT_EQ(found, expected) << table->name;
      EXPECT_EQ(found_step, step) << table->name;
      EXPECT_EQ(found_shift, shift) << table->name;
    }
  }
}

/// gelu-like halves: most small, some large, none below -0.17.
std::vector<Half> random_halves(std::size_t n, float size) {
  const auto x = random_vector(n, 10);
  std::vector<Half> halves(n);
  for (std::size_t i = 0; i < n; ++i) {
    const float wanted = std::max(x[i], -0.17F) * size;
    int exponent = 0;
    const float fraction = std::frexp(std::fabs(wanted), &exponent);  // [1/2, 1)
    const int units = exponent < -13 ? 0 : (exponent + 13) * 1024 + int(fraction * 2048);
    halves[i] = static_cast<Half>((wanted < 0 ? 0x8000 : 0) | units);
  }
  return halves;
}

TEST(QuantizeHalves, TheBytesStandForTheValues) {
  for (const std::size_t n : {1U, 31U, 32U, 64U, 352U, 384U, 400U, 512U, 544U}) {
    for (const float size : {1e-3F, 1.0F, 30.0F, 3000.0F}) {
      const auto x = random_halves(n, size);
      auto scale = random_vector(n, 11);
      for (float& value : scale) value = std::fabs(value) + 0.1F;
      for (const Kernels* table : all_tables()) {
        std::vector<std::uint8_t> y(n + 1, 7);
        float step = -1, shift = -1;
        table->quantize_halves(x.data(), scale.data(), n, y.data(), &step, &shift);
        ASSERT_EQ(y[n], 7) << table->name;  // the one after the end must not change
        for (std::size_t i = 0; i < n; ++i) {
          ASSERT_NEAR(step * float(y[i]) - shift, float_of_half(x[i]) * scale[i], 0.75F * step)
              << table->name << ' ' << n << ' ' << i;
        }
      }
    }
  }
}

TEST(Quantize, ARowThatIsNotFiniteHasAStepThatIsNot) {
  const std::vector<float> scale(32, 1);
  for (const Kernels* table : all_tables()) {
    std::vector<float> x(32, 1);
    std::vector<Half> halves(32, 0x3C00);
    x[17] = std::numeric_limits<float>::infinity();
    halves[17] = 0x7C00;
    std::vector<std::uint8_t> y(32);
    float step = 0, shift = 0;
    table->quantize(x.data(), scale.data(), 32, y.data(), &step, &shift);
    EXPECT_FALSE(std::isfinite(step)) << table->name;
    step = 0;
    table->quantize_halves(halves.data(), scale.data(), 32, y.data(), &step, &shift);
    EXPECT_FALSE(std::isfinite(step)) << table->name;
  }
}

TEST(Dequantize, AgreesWithTheScalarDefinition) {
  constexpr std::size_t kRows = 5;
  std::mt19937 random(3);
  alignas(64) std::int32_t sums[kRows * kPanelWidth];
  std::vector<std::int32_t> column_sums(kPanelWidth);
  for (auto& value : sums) value = std::int32_t(random() % 2'000'000) - 1'000'000;
  for (auto& value : column_sums) value = std::int32_t(random() % 20'000) - 10'000;
  auto steps = random_vector(kRows, 1), shifts = random_vector(kRows, 4);
  const auto scales = random_vector(kPanelWidth, 2), bias = random_vector(kPanelWidth, 3);
  for (float& step : steps) step *= 1e-6F;
  for (float& shift : shifts) shift *= 1e-4F;
  const QuantizedRows rows{steps.data(), shifts.data()};
  const QuantizedColumns columns{scales.data(), column_sums.data()};
  constexpr std::size_t kStride = kPanelWidth + 3;
  const auto run = [&](const Kernels& table) {
    std::vector<float> c(kRows * kStride, 9);
    table.dequantize(sums, kRows, rows, columns, {bias.data(), 0}, c.data(), kStride);
    table.dequantize(sums, kRows, rows, columns, {c.data(), kStride}, c.data(), kStride);
    std::vector<Half> halves(kRows * kStride, 0x4880);  // 9
    table.dequantize_gelu_half(sums, kRows, rows, columns, {c.data(), kStride}, halves.data(),
                               kStride);
    for (const Half half : halves) c.push_back(float_of_half(half));
    return c;
  };
  const auto expected = run(kScalarKernels);
  for (const Kernels* table : fast_tables()) {
    const auto found = run(*table);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const bool half = i >= kRows * kStride;
      ASSERT_NEAR(found[i], expected[i], half ? 6e-4 + std::fabs(expected[i]) / 512 : 2e-5)
          << table->name << ' ' << i;
    }
  }
}

}  // namespace
}  // namespace enlace
