#include "index/row_lists.h"

#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace enlace {
namespace {

using Rows = std::vector<std::uint32_t>;

/// `size` distinct rows below `rows`, rising.
Rows random_rows(std::uint32_t rows, std::uint32_t size, std::uint64_t seed) {
  Random random(seed);
  std::set<std::uint32_t> found;
  while (found.size() < size) found.insert(static_cast<std::uint32_t>(random.below(rows)));
  return {found.begin(), found.end()};
}

std::vector<std::uint64_t> written(const Rows& list, const RowListShape& shape) {
  std::vector<std::uint64_t> words(shape.words());
  RowListWriter writer(words.data(), shape, 0);
  for (const std::uint32_t row : list) writer.add(row);
  writer.finish();
  return words;
}

/// All rows, visited in ranges of `step`.
Rows read(const std::vector<std::uint64_t>& words, const RowListShape& shape, std::uint64_t rows,
          std::uint64_t step) {
  Rows found;
  RowListCursor cursor(words, shape);
  for (std::uint64_t first = 0; first < rows; first += step) {
    cursor.visit(first, std::min(rows, first + step), [&](std::uint32_t offset) {
      found.push_back(static_cast<std::uint32_t>(first + offset));
    });
  }
  return found;
}

TEST(RowLists, GiveBackWhatWasWritten) {
  for (const std::uint32_t rows : {1U, 2U, 63U, 64U, 65U, 1000U, 65'536U, 300'000U}) {
    for (const std::uint32_t size : {1U, 2U, 3U, 60U, 500U, 900U, 5000U}) {
      if (size > rows) continue;
      const RowListShape shape(rows, size, 0);
      ASSERT_FALSE(shape.bitmap);
      const Rows list = random_rows(rows, size, rows + size);
      const auto words = written(list, shape);
      for (const std::uint64_t step : {1U, 7U, 64U, 65'536U, 1'000'000U}) {
        if (rows / step > 10'000) continue;
        EXPECT_EQ(read(words, shape, rows, step), list) << size << " of " << rows << ", " << step;
      }
    }
  }
}

TEST(RowLists, HoldTheGreatestRows) {
  const std::uint64_t rows = 0xFFFFFFFE;
  for (const Rows& list : {Rows{0}, Rows{0xFFFFFFFD}, Rows{0, 1, 0x80000000, 0xFFFFFFFD}}) {
    const RowListShape shape(rows, list.size(), 8);
    EXPECT_EQ(read(written(list, shape), shape, rows, rows), list);
  }
}

TEST(RowLists, AreBitmapsWhereRowsAreDense) {
  const Rows list = random_rows(1000, 125, 1);
  EXPECT_FALSE(RowListShape(1000, 124, 8).bitmap);
  const RowListShape shape(1000, 125, 8);
  ASSERT_TRUE(shape.bitmap);
  const auto words = written(list, shape);
  ASSERT_EQ(words.size(), 16U);
  for (std::uint32_t row = 0; row < 1000; ++row) {
    EXPECT_EQ((words[row / 64] >> row % 64 & 1U) != 0,
              std::binary_search(list.begin(), list.end(), row));
  }
}

TEST(RowLists, HaveTheBytesOfTheirDescription) {
  const RowListShape shape(16, 2, 4);
  EXPECT_EQ(written({3, 9}, shape), (std::vector<std::uint64_t>{3 | 1 << 3, 1 | 1 << 2}));
  EXPECT_EQ(RowListShape(16, 0, 4).words(), 0U);
}

TEST(RowLists, TakeTwoBitsMoreThanTheLogarithmOfTheirGaps) {
  const RowListShape shape(1 << 20, 1 << 10, 8);
  EXPECT_EQ(shape.low_bits, 10U);
  EXPECT_LE(shape.words() * 64, (1U << 10) * 12U + 128);
}

TEST(RowLists, MayBeWrittenInPartsAtOnce) {
  const std::uint32_t rows = 100'000;
  for (const std::uint64_t dense : {0U, 1000U}) {
    const Rows list = random_rows(rows, 3001, 5);
    const RowListShape shape(rows, list.size(), dense);
    std::vector<std::uint64_t> words(shape.words());
    std::vector<std::thread> threads;
    for (std::uint32_t part = 0; part < 3; ++part) {
      threads.emplace_back([&, part] {
        const auto begin = std::uint32_t(list.size() * part / 3);
        const auto end = std::uint32_t(list.size() * (part + 1) / 3);
        RowListWriter writer(words.data(), shape, begin);
        for (std::uint32_t i = begin; i < end; ++i) writer.add(list[i]);
        writer.finish();
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(words, written(list, shape));
  }
}

TEST(RowLists, SkipWhatIsNotAskedFor) {
  const Rows list = random_rows(10'000, 400, 2);
  const RowListShape shape(10'000, 400, 0);
  const auto words = written(list, shape);
  RowListCursor cursor(words, shape);
  Rows found;
  cursor.visit(4000, 5000, [&](std::uint32_t offset) { found.push_back(offset + 4000); });
  cursor.visit(9000, 10'000, [&](std::uint32_t offset) { found.push_back(offset + 9000); });
  Rows expected;
  for (const std::uint32_t row : list) {
    if ((row >= 4000 && row < 5000) || row >= 9000) expected.push_back(row);
  }
  EXPECT_EQ(found, expected);
}

TEST(RowLists, StayWithinBoundsWhateverTheirWords) {
  Random random(1);
  for (int round = 0; round < 2000; ++round) {
    const auto rows = 1 + random.below(300'000);
    const RowListShape shape(rows, 1 + random.below(std::min<std::uint64_t>(rows, 2000)), 0);
    std::vector<std::uint64_t> words(shape.words());
    for (auto& word : words) {
      word = random.next() & random.next() & (round % 2 == 0 ? ~std::uint64_t{0} : random.next());
    }
    RowListCursor cursor(words, shape);
    std::size_t visits = 0;
    for (std::uint64_t first = 0; first < rows; first += 65'536) {
      const std::uint64_t end = std::min<std::uint64_t>(rows, first + 65'536);
      cursor.visit(first, end, [&](std::uint32_t offset) {
        EXPECT_LT(offset, end - first);
        ++visits;
      });
    }
    EXPECT_LE(visits, shape.size);
  }
}

}  // namespace
}  // namespace enlace
