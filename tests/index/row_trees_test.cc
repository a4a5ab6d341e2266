#include "index/row_trees.h"

#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace enlace {
namespace {

using Rows = std::vector<std::uint32_t>;

RowTreeCounts counted(const Rows& rows) {
  RowTreeCounts counts;
  for (const std::uint32_t row : rows) counts.add(row);
  return counts;
}

/// All rows, by the definition of the format.
Rows read(const BitTree& tree) {
  Rows rows;
  std::size_t middle = 0, low = 0;
  for (std::size_t group = 0; group < 64 * tree.words; ++group) {
    if ((tree.top[group / 64] >> group % 64 & 1U) == 0) continue;
    const std::uint8_t octets = tree.middle[middle++];
    for (std::size_t octet = 0; octet < 8; ++octet) {
      if ((octets >> octet & 1U) == 0) continue;
      const std::uint8_t bits = tree.low[low++];
      for (std::size_t i = 0; i < 8; ++i) {
        if ((bits >> i & 1U) != 0) rows.push_back(std::uint32_t(64 * group + 8 * octet + i));
      }
    }
  }
  EXPECT_EQ(middle, tree.middles);
  EXPECT_EQ(low, tree.lows);
  return rows;
}

TEST(RowTrees, AreAsTheirHeaderShows) {
  const Rows rows = {3, 9, 70};
  const RowTreeCounts all = counted(rows);
  EXPECT_EQ(all.groups, 2U);
  EXPECT_EQ(all.octets, 3U);
  std::vector<std::uint64_t> words(row_tree_words(4096, all.word()));
  RowTreeWriter writer(words.data(), 4096, all, {});
  for (const std::uint32_t row : rows) writer.add(row);
  EXPECT_EQ(words,
            (std::vector<std::uint64_t>{2 | std::uint64_t{3} << 32, 0b11, 0x0103, 0x400208}));
}

TEST(RowTrees, GiveBackWhatSeveralPartsWrote) {
  Random random(1);
  for (const std::uint32_t rows : {1U, 64U, 4095U, 4096U, 4097U, 100'000U}) {
    for (const std::uint32_t size : {1U, 2U, 60U, 900U, 4000U}) {
      if (size > rows) continue;
      std::set<std::uint32_t> drawn;
      while (drawn.size() < size) drawn.insert(std::uint32_t(random.below(rows)));
      const Rows list(drawn.begin(), drawn.end());
      const RowTreeCounts all = counted(list);
      std::vector<std::uint64_t> words(row_tree_words(rows, all.word()));
      RowTreeCounts before;
      for (std::uint32_t first = 0; first < rows; first += 5 * kTreeChunkRows) {
        Rows part;
        for (const std::uint32_t row : list) {
          if (row >= first && row < first + 5 * kTreeChunkRows) part.push_back(row);
        }
        RowTreeWriter writer(words.data(), rows, all, before);
        for (const std::uint32_t row : part) writer.add(row);
        const RowTreeCounts here = counted(part);
        before.rows += here.rows;
        before.octets += here.octets;
        before.groups += here.groups;
      }
      EXPECT_EQ(read(row_tree(words, rows)), list) << size << " of " << rows;
    }
  }
}

TEST(RowTrees, AreForListsThatAreLong) {
  EXPECT_FALSE(is_tree(1000, 3, 256));
  EXPECT_TRUE(is_tree(1000, 4, 256));
  EXPECT_FALSE(is_tree(0, 0, 256));
}

}  // namespace
}  // namespace enlace
