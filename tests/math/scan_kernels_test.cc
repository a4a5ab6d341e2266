#include "math/scan_kernels.h"

#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace enlace {
namespace {

/// Every table this machine can run but the definition itself.
std::vector<const ScanKernels*> fast_tables() {
  const ScanKernelList all = runnable_scan_kernels();
  return {all.tables + 1, all.tables + all.count};
}

/// Bytes that begin `offset` bytes past wherever memory begins.
template <class T>
std::vector<T> random_bytes(std::size_t count, std::size_t offset, std::mt19937& random) {
  std::vector<T> bytes(count + offset);
  for (T& byte : bytes) byte = static_cast<T>(random());
  return bytes;
}

TEST(ScanKernels, RowsTimesAQueryAreWhatTheDefinitionSays) {
  std::mt19937 random(1);
  for (const std::size_t k : {64U, 128U, 384U, 1088U}) {
    for (const std::size_t m : {0U, 1U, 2U, 3U, 4U, 5U, 7U, 8U, 31U, 96U}) {
      for (const std::size_t offset : {0U, 1U, 37U}) {
        const auto rows = random_bytes<std::uint8_t>(m * k, offset, random);
        const auto query = random_bytes<std::int8_t>(k, offset, random);
        std::vector<std::int32_t> expected(m + 1, 7), found(m + 1, 7);
        kScalarScanKernels.multiply_rows(rows.data() + offset, k, m, query.data() + offset,
                                         expected.data());
        EXPECT_EQ(expected[m], 7);
        for (const ScanKernels* table : fast_tables()) {
          table->multiply_rows(rows.data() + offset, k, m, query.data() + offset, found.data());
          EXPECT_EQ(found, expected) << table->name << ' ' << k << ' ' << m << ' ' << offset;
        }
      }
    }
  }
}

TEST(ScanKernels, TheGreatestBytesDoNotOverflow) {
  constexpr std::size_t kDepth = 65536;
  const std::vector<std::uint8_t> rows(kDepth, 255);
  for (const int value : {-128, 127}) {
    const std::vector<std::int8_t> query(kDepth, static_cast<std::int8_t>(value));
    for (const ScanKernels* table : fast_tables()) {
      std::int32_t sum = 0;
      table->multiply_rows(rows.data(), kDepth, 1, query.data(), &sum);
      EXPECT_EQ(sum, 255 * value * static_cast<int>(kDepth)) << table->name;
    }
  }
}

constexpr GroupBounds kBounds{3, 2, 5};

/// Terms whose scores are whole numbers, so that rounding plays no part; the last floors and biases
/// are infinite or not numbers.
struct Terms {
  std::vector<float> scale, bias, rest, step, zero, tail, error, length, rounding, floor;
  std::vector<std::int32_t> sums;

  Terms(std::size_t m, std::size_t columns, std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto whole = [&](std::size_t count, std::uint32_t bound) {
      std::vector<float> values(count);
      for (float& value : values) value = float(random() % bound) - float(bound / 2);
      return values;
    };
    scale = whole(m, 5);
    bias = whole(m, 100);
    rest = whole(m, 10);
    step = whole(columns, 5);
    zero = whole(columns, 100);
    tail = whole(columns, 10);
    error = whole(columns, 10);
    length = whole(columns, 10);
    rounding = whole(columns, 10);
    floor = whole(columns, 300);
    for (std::size_t i = 0; i < m * columns; ++i) sums.push_back(std::int32_t(random() % 100) - 50);
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
    if (m > 3) {
      bias[0] = kInfinity;
      bias[1] = -kInfinity;
      bias[2] = kNaN;
    }
    if (columns > 3) {
      floor[0] = kInfinity;
      floor[1] = -kInfinity;
      floor[2] = kNaN;
      zero[3] = kNaN;
    }
  }
  ScanRows rows() const { return {scale.data(), bias.data(), rest.data()}; }
  ScanColumns columns() const {
    return {step.data(),   zero.data(),     tail.data(), error.data(),
            length.data(), rounding.data(), floor.data()};
  }
};

TEST(ScanKernels, FindInAPanelWhatReachesItsFloor) {
  for (const std::size_t m : {0U, 1U, 5U, 32U, 96U}) {
    const Terms terms(m, kPanelWidth, std::uint32_t(m));
    std::vector<std::uint32_t> expected(m + 1, 7), found(m + 1, 7);
    const std::size_t count = kScalarScanKernels.find_in_panel(
        terms.sums.data(), m, terms.rows(), terms.columns(), kBounds, expected.data());
    EXPECT_EQ(count != 0, m > 0);
    for (const ScanKernels* table : fast_tables()) {
      EXPECT_EQ(table->find_in_panel(terms.sums.data(), m, terms.rows(), terms.columns(), kBounds,
                                     found.data()),
                count);
      EXPECT_EQ(found, expected) << table->name << ' ' << m;
    }
  }
}

TEST(ScanKernels, FindAmongRowsWhatReachesTheFloor) {
  for (const std::size_t m : {0U, 1U, 7U, 8U, 9U, 15U, 16U, 17U, 31U, 32U, 33U, 96U}) {
    const Terms terms(m, 1, std::uint32_t(m));
    std::vector<std::uint32_t> expected((m + 31) / 32 + 1, 7), found(expected);
    const std::uint32_t any = kScalarScanKernels.find_in_rows(
        terms.sums.data(), m, terms.rows(), terms.columns(), kBounds, expected.data());
    if (m > 0) {
      EXPECT_EQ(std::uint64_t{expected[(m - 1) / 32]} >> ((m - 1) % 32 + 1), 0U);
    }
    for (const ScanKernels* table : fast_tables()) {
      EXPECT_EQ(table->find_in_rows(terms.sums.data(), m, terms.rows(), terms.columns(), kBounds,
                                    found.data()),
                any);
      EXPECT_EQ(found, expected) << table->name << ' ' << m;
    }
  }
}

}  // namespace
}  // namespace enlace
