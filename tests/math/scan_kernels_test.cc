#include "math/scan_kernels.h"

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "math/buffer.h"
#include "math/scan_panels.h"
#include "math/tier.h"

namespace enlace {
namespace {

/// Every table this machine can run.
std::vector<const ScanKernels*> all_tables() {
  const ScanKernelList all = runnable_scan_kernels();
  return {all.tables, all.tables + all.count};
}

/// The same but for the definition itself.
std::vector<const ScanKernels*> fast_tables() {
  const auto all = all_tables();
  return {all.begin() + 1, all.end()};
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

TEST(ScanKernels, HitsAreGivenTheProductsOfTheirRowsAndColumns) {
  std::mt19937 random(2);
  constexpr std::size_t kRows = 50, kColumns = 40;
  for (const std::size_t k : {64U, 320U}) {
    const std::size_t stride = k + 64;
    const auto rows = random_bytes<std::uint8_t>(kRows * k, 1, random);
    const auto queries = random_bytes<std::int8_t>(kColumns * stride, 37, random);
    for (const std::size_t count : {0U, 1U, 3U, 4U, 5U, 31U}) {
      std::vector<ScanHit> hits;
      for (std::size_t h = 0; h <= count; ++h) {
        hits.push_back({std::uint32_t(random() % kRows), std::uint32_t(random() % kColumns),
                        std::int32_t(random() % 1000)});
      }
      std::vector<ScanHit> expected = hits;
      for (std::size_t h = 0; h < count; ++h) {
        std::int32_t sum;
        kScalarScanKernels.multiply_rows(&rows[1 + hits[h].row * k], k, 1,
                                         &queries[37 + hits[h].column * stride], &sum);
        expected[h].sum += sum;
      }
      for (const ScanKernels* table : all_tables()) {
        std::vector<ScanHit> found = hits;
        table->add_products(found.data(), count, &rows[1], k, &queries[37], stride);
        EXPECT_EQ(found, expected) << table->name << ' ' << k << ' ' << count;
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

/// The hits of random rows and columns, in order; `find` may be given in either way.
std::vector<ScanHit> hits_of(FindInPanels find, std::size_t m, std::size_t panels,
                             std::size_t depth) {
  std::mt19937 random(std::uint32_t(m + depth));
  const auto bytes = random_bytes<std::uint8_t>(m * depth, 0, random);
  Memory<std::int8_t> columns = allocate<std::int8_t>(panels * kPanelWidth * depth);
  for (std::size_t i = 0; i < panels * kPanelWidth * depth; ++i) {
    columns[i] = static_cast<std::int8_t>(random());
    if (products().wants_narrow) columns[i] /= 4;
  }
  const Terms terms(m, panels * kPanelWidth, std::uint32_t(depth));
  std::vector<float> step(terms.step);
  for (float& value : step) value /= 4096;  // a power of 2: scores are exact
  ScanColumns of_columns = terms.columns();
  of_columns.step = step.data();
  std::vector<ScanHit> hits(m * panels * kPanelWidth);
  const ProductScope scope;
  hits.resize(find({bytes.data(), m, depth, columns.get(), kPanelWidth * depth, panels},
                   terms.rows(), of_columns, kBounds, hits.data()));
  std::sort(hits.begin(), hits.end(), [](const ScanHit& a, const ScanHit& b) {
    return a.row != b.row ? a.row < b.row : a.column < b.column;
  });
  return hits;
}

TEST(FindInPanels, FindsWithTilesWhatTheDefinitionFinds) {
  if (current_tier() != Tier::kAmx) GTEST_SKIP() << "needs AMX";
  for (const std::size_t depth : {64U, 128U, 384U, 1088U, 2240U}) {
    for (const std::size_t m : {1U, 15U, 31U, 32U, 33U, 64U, 95U, 96U}) {
      for (const std::size_t panels : {1U, 2U, 8U}) {
        const auto expected = hits_of(find_by_products, m, panels, depth);
        EXPECT_EQ(hits_of(find_by_tiles, m, panels, depth), expected)
            << depth << ' ' << m << ' ' << panels;
        EXPECT_GT(expected.size(), 0U);
        EXPECT_LT(expected.size(), m * panels * kPanelWidth);
      }
    }
  }
}

TEST(FindInPanels, FindsEveryHitOnce) {
  for (const std::size_t m : {5U, 96U}) {
    const auto hits = hits_of(find_in_panels(), m, 2, 128);
    for (std::size_t h = 1; h < hits.size(); ++h) {
      EXPECT_TRUE(hits[h - 1].row != hits[h].row || hits[h - 1].column != hits[h].column);
    }
  }
}

}  // namespace
}  // namespace enlace
