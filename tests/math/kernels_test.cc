#include "math/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
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

std::vector<const Kernels*> all_tables() {
  const KernelList list = runnable_kernels();
  return {list.tables, list.tables + list.count};
}

/// All but the definition itself.
std::vector<const Kernels*> fast_tables() {
  const KernelList list = runnable_kernels();
  return {list.tables + 1, list.tables + list.count};
}

float float_of_half(Half bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const float magnitude = exponent == 0    ? std::ldexp(float(fraction), -24)
                          : exponent == 31 ? (fraction == 0 ? HUGE_VALF : NAN)
                                           : std::ldexp(float(1024 + fraction), exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

/// Rows of which every number is tried: more than kernels take together.
constexpr std::size_t kMostRows = 6;

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
  const std::size_t n = GetParam(), x_stride = n + 1, y_stride = n + 2;
  if (n == 0) return;  // the mean of nothing
  const auto x = random_vector(kMostRows * x_stride, 1);
  const auto y = random_vector(kMostRows * y_stride, 2);
  const auto gain = random_vector(n, 3);
  const auto shift = random_vector(n, 4);
  const Norm norm{gain.data(), shift.data(), 1e-5F};
  for (std::size_t m = 0; m <= kMostRows; ++m) {
    auto expected = x;
    kScalarKernels.add_normalize(expected.data(), x_stride, y.data(), y_stride, m, norm, n);
    for (const Kernels* table : fast_tables()) {
      auto found = x;
      table->add_normalize(found.data(), x_stride, y.data(), y_stride, m, norm, n);
      for (std::size_t i = 0; i < x.size(); ++i) {  // what is between the rows must not change
        ASSERT_NEAR(found[i], expected[i], i % x_stride < n ? 2e-5F : 0) << table->name << ' ' << i;
      }
    }
  }
}

TEST_P(KernelsTest, ANormalizedRowDoesNotDependOnItsNeighbours) {
  const std::size_t n = GetParam();
  if (n == 0) return;
  const auto x = random_vector(kMostRows * n, 1), y = random_vector(kMostRows * n, 2);
  const auto gain = random_vector(n, 3), shift = random_vector(n, 4);
  const Norm norm{gain.data(), shift.data(), 1e-5F};
  for (const Kernels* table : all_tables()) {
    auto together = x, alone = x;
    table->add_normalize(together.data(), n, y.data(), n, kMostRows, norm, n);
    for (std::size_t i = 0; i < kMostRows; ++i) {
      table->add_normalize(&alone[i * n], n, &y[i * n], n, 1, norm, n);
    }
    EXPECT_EQ(together, alone) << table->name;
  }
}

std::vector<Half> halves_of(const std::vector<float>& values) {
  std::vector<Half> halves(values.size());
  kScalarKernels.to_halves(values.data(), values.size(), halves.data());
  return halves;
}

TEST_P(KernelsTest, NormalizedSumsOfHalvesAgreeWithTheScalarDefinition) {
  const std::size_t n = GetParam(), x_stride = n + 1, y_stride = n + 2;
  if (n == 0) return;
  auto values = random_vector(kMostRows * x_stride, 1);
  for (std::size_t i = 0; i < values.size(); i += 5) values[i] = 40 * values[i] + 3;
  const auto x = halves_of(values), y = halves_of(random_vector(kMostRows * y_stride, 2));
  const auto gain = random_vector(n, 3), shift = random_vector(n, 4);
  const Norm norm{gain.data(), shift.data(), 1e-5F};
  for (const Kernels* table : fast_tables()) {
    for (std::size_t m = 0; m <= kMostRows; ++m) {
      auto expected = x, found = x;
      kScalarKernels.add_normalize_halves(expected.data(), x_stride, y.data(), y_stride, m, norm,
                                          n);
      table->add_normalize_halves(found.data(), x_stride, y.data(), y_stride, m, norm, n);
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (i % x_stride < n && i / x_stride < m) {
          const float goal = float_of_half(expected[i]);
          ASSERT_NEAR(float_of_half(found[i]), goal, 4e-3F + std::fabs(goal) / 256)
              << table->name << ' ' << i;
        } else {
          ASSERT_EQ(found[i], x[i]) << table->name << ' ' << i;
        }
      }
      auto alone = x;  // a row does not depend on its neighbours
      for (std::size_t i = 0; i < m; ++i) {
        table->add_normalize_halves(&alone[i * x_stride], x_stride, &y[i * y_stride], y_stride, 1,
                                    norm, n);
      }
      EXPECT_EQ(found, alone) << table->name;
    }
  }
}

TEST_P(KernelsTest, FloatsAsHalvesAndBackAgreeWithTheScalarDefinition) {
  const std::size_t n = GetParam();
  auto x = random_vector(n + 1, 7);
  if (n > 6) {
    x[1] = std::numeric_limits<float>::infinity();
    x[2] = -65519;
    x[3] = 65520;        // beyond the middle between the greatest and 65536
    x[4] = 1.00048828F;  // in the middle between two: to the even one
    x[5] = 1e-6F;        // subnormal
  }
  std::vector<Half> expected(n + 2, 7);
  std::vector<float> back(n + 2, 7);
  kScalarKernels.to_halves(x.data() + 1, n, expected.data() + 1);
  kScalarKernels.from_halves(expected.data() + 1, n, back.data() + 1);
  for (std::size_t i = 1; i <= n; ++i) EXPECT_EQ(back[i], float_of_half(expected[i]));
  for (const Kernels* table : fast_tables()) {
    std::vector<Half> halves(n + 2, 7);
    std::vector<float> floats(n + 2, 7);
    table->to_halves(x.data() + 1, n, halves.data() + 1);
    table->from_halves(expected.data() + 1, n, floats.data() + 1);
    EXPECT_EQ(halves, expected) << table->name;  // the ones around must not change
    EXPECT_EQ(floats, back) << table->name;
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

TEST_P(KernelsTest, SoftmaxOfWhatIsNotFiniteIsNotANumber) {
  const std::size_t n = GetParam();
  if (n == 0) return;
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const float odd : {kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
    auto scores = random_vector(n, 5);
    scores[n / 2] = odd;
    for (const Kernels* table : fast_tables()) {
      auto found = scores;
      table->softmax(found.data(), n, 0.3F);
      EXPECT_TRUE(std::ranges::any_of(found, [](float x) { return std::isnan(x); }))
          << table->name << ' ' << odd;
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
                             {biases.data(), nullptr, 0}, half, kPanelWidth);
  for (std::size_t j = 0; j < kPanelWidth; ++j) {
    found.of_bf16[j] = float_of_bf16(bf16[j]);
    found.of_half[j] = float_of_half(half[j]);
  }
  return found;
}

double gelu_of(double x) {
  return x / 2 * (1 + std::erf(x / std::numbers::sqrt2));
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

TEST(Attention, ByTilesOfTwoSequencesIsThatOfEach) {
  if (!runs(Tier::kAmx)) GTEST_SKIP() << "this machine has no AMX";
  const ProductScope scope(kAmxProducts);
  constexpr std::size_t kHeads = 11, kWidth = 64, kOut = kHeads * kWidth;
  constexpr std::size_t kStride = 3 * kHeads * kWidth + 5;
  for (std::size_t tokens = 1; tokens <= kMostPairedTokens; ++tokens) {
    for (std::size_t next = 1; next <= kMostPairedTokens; ++next) {
      const auto rows = random_vector((tokens + next) * kStride, std::uint32_t(9 * tokens + next));
      std::vector<Bf16> halves(rows.size() + kPanelWidth);
      std::ranges::transform(rows, halves.begin(), [](float value) {
        return Bf16(std::bit_cast<std::uint32_t>(value) >> 16);
      });
      const auto attend = [&](std::size_t row, std::size_t first, std::size_t second) {
        const Bf16* queries = halves.data() + row * kStride;
        std::vector<float> context((first + second) * kOut);
        attend_by_tiles(
            {queries, queries + kOut, queries + 2 * kOut, kStride, first, kWidth, kHeads, second},
            first + second, 0.7F, context.data(), kOut);
        return context;
      };
      std::vector<float> expected = attend(0, tokens, 0);
      const std::vector<float> of_next = attend(tokens, next, 0);
      expected.insert(expected.end(), of_next.begin(), of_next.end());
      ASSERT_EQ(attend(0, tokens, next), expected) << tokens << ' ' << next;
    }
  }
}

TEST(Attention, ByTilesOfLongSequencesIsSoftmaxOfScoresTimesValues) {
  if (!runs(Tier::kAmx)) GTEST_SKIP() << "this machine has no AMX";
  const ProductScope scope(kAmxProducts);
  constexpr std::size_t kHeads = 3, kSize = 64;
  constexpr std::size_t kStride = 3 * kHeads * kSize + 5, kOut = kHeads * kSize + 3;
  for (const std::size_t tokens : {16U, 17U, 31U, 32U, 33U, 47U, 64U, 65U, 100U, 127U, 128U}) {
    auto rows = random_vector(tokens * kStride, std::uint32_t(tokens));
    std::vector<Bf16> halves(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      halves[i] = Bf16(std::bit_cast<std::uint32_t>(rows[i]) >> 16);
      rows[i] = float_of_bf16(halves[i]);
    }
    for (const std::size_t queries : {std::size_t{16}, tokens}) {
      std::vector<float> found(queries * kOut, 9);
      attend_long_by_tiles({halves.data(), halves.data() + kHeads * kSize,
                            halves.data() + 2 * kHeads * kSize, kStride, tokens, kSize, kHeads},
                           queries, 0.3F, found.data(), kOut);
      for (std::size_t i = 0; i < queries; ++i) {
        for (std::size_t head = 0; head < kHeads; ++head) {
          const float* query = &rows[i * kStride + head * kSize];
          double sum = 0;
          std::vector<double> context(kSize);
          for (std::size_t j = 0; j < tokens; ++j) {
            const float* key = &rows[j * kStride + (kHeads + head) * kSize];
            const float* value = &rows[j * kStride + (2 * kHeads + head) * kSize];
            const double share = std::exp(0.3 * kScalarKernels.dot(query, key, kSize));
            for (std::size_t w = 0; w < kSize; ++w) context[w] += share * value[w];
            sum += share;
          }
          for (std::size_t w = 0; w < kSize; ++w) {
            ASSERT_NEAR(found[i * kOut + head * kSize + w], context[w] / sum, 0.02) << tokens;
          }
        }
        for (std::size_t w = kHeads * kSize; w < kOut; ++w) EXPECT_EQ(found[i * kOut + w], 9);
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
    if (n > 6 && found[5] == 0) found[5] = expected[5];  // which is subnormal
    EXPECT_EQ(found, expected) << table->name;           // the ones around must not change
  }
}

/// Rows of bytes with gaps between them, and what stands for each.
struct Quantized {
  std::vector<std::uint8_t> bytes;
  std::vector<float> step, shift;

  Quantized(std::size_t m, std::size_t stride)
      : bytes(m * stride + 1, 7), step(m + 1, -1), shift(m + 1, -1), stride_(stride) {}

  /// From byte 1 on, which is misaligned.
  BytesOfRows rows() { return {bytes.data() + 1, stride_, step.data(), shift.data()}; }
  bool operator==(const Quantized&) const = default;

 private:
  std::size_t stride_;
};

TEST_P(KernelsTest, QuantizedRowsAreThoseOfTheScalarDefinition) {
  const std::size_t n = GetParam(), stride = n + 3;
  const auto scale = random_vector(n + 1, 9);
  for (std::size_t m = 0; m <= kMostRows; ++m) {
    auto x = random_vector(kMostRows * stride + 1, 8);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += float(i / stride % 3) * 5 - 5;
    Quantized expected(m, n + 2);
    kScalarKernels.quantize(x.data() + 1, stride, m, scale.data() + 1, n, expected.rows());
    for (std::size_t i = 0; i < m * n; ++i) {  // the bytes stand for the values
      const std::size_t row = i / n, j = i % n;
      const float step = expected.step[row];
      ASSERT_NEAR(step * float(expected.rows().bytes[row * (n + 2) + j]) - expected.shift[row],
                  x[1 + row * stride + j] * scale[1 + j], 0.501F * step);
    }
    for (const Kernels* table : fast_tables()) {
      Quantized found(m, n + 2);
      table->quantize(x.data() + 1, stride, m, scale.data() + 1, n, found.rows());
      EXPECT_EQ(found, expected) << table->name;  // what is between the rows must not change
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
  constexpr float kSizes[kMostRows] = {1e-3F, 1,    30,
                                       3000,  0.1F, 2};  // of some the range is extreme
  for (const std::size_t n : {1U, 31U, 32U, 64U, 352U, 384U, 400U, 512U, 544U}) {
    std::vector<Half> x;
    for (const float size : kSizes)
      std::ranges::copy(random_halves(n, size), std::back_inserter(x));
    auto scale = random_vector(n, 11);
    for (float& value : scale) value = std::fabs(value) + 0.1F;
    for (const Kernels* table : all_tables()) {
      for (std::size_t m = 0; m <= kMostRows; ++m) {
        Quantized y(m, n + 2);
        table->quantize_halves(x.data(), n, m, scale.data(), n, y.rows());
        for (std::size_t row = 0; row < m; ++row) {
          const std::uint8_t* bytes = y.rows().bytes + row * (n + 2);
          const float step = y.step[row];
          for (std::size_t i = 0; i < n; ++i) {
            ASSERT_NEAR(step * float(bytes[i]) - y.shift[row],
                        float_of_half(x[row * n + i]) * scale[i], 0.75F * step)
                << table->name << ' ' << n << ' ' << row << ' ' << i;
          }
          ASSERT_EQ(bytes[-1], 7) << table->name;  // what is between the rows must not change
          ASSERT_EQ(bytes[n], 7) << table->name;
        }
        EXPECT_EQ(y.step[m], -1) << table->name;
        EXPECT_EQ(y.shift[m], -1) << table->name;
      }
    }
  }
}

TEST(Quantize, ARowThatIsNotFiniteHasAStepThatIsNot) {
  const std::vector<float> scale(32, 1);
  for (const Kernels* table : all_tables()) {
    std::vector<float> x(kMostRows * 32, 1);
    std::vector<Half> halves(kMostRows * 32, 0x3C00);
    x[32 + 17] = std::numeric_limits<float>::infinity();
    halves[32 + 17] = 0x7C00;
    Quantized of_floats(kMostRows, 32), of_halves(kMostRows, 32);
    table->quantize(x.data(), 32, kMostRows, scale.data(), 32, of_floats.rows());
    table->quantize_halves(halves.data(), 32, kMostRows, scale.data(), 32, of_halves.rows());
    for (std::size_t row = 0; row < kMostRows; ++row) {
      EXPECT_EQ(std::isfinite(of_floats.step[row]), row != 1) << table->name;
      EXPECT_EQ(std::isfinite(of_halves.step[row]), row != 1) << table->name;
    }
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
    std::vector<Half> halves(kRows * kStride, 0x4880), of_gelu = halves;  // 9
    table.dequantize_half(sums, kRows, rows, columns, {bias.data(), nullptr, 0}, halves.data(),
                          kStride);
    table.dequantize_gelu_half(sums, kRows, rows, columns, {nullptr, halves.data(), kStride},
                               of_gelu.data(), kStride);
    for (const Half half : halves) c.push_back(float_of_half(half));
    for (const Half half : of_gelu) c.push_back(float_of_half(half));
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
