#include "kb/subtree_labels.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace enlace {
namespace {

using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// Labels of n concepts with (child, parent) `edges`.
SubtreeLabels labels_of(std::size_t n, Pairs edges) {
  std::sort(edges.begin(), edges.end());
  const Groups parents = grouped(edges, n);
  for (auto& edge : edges) std::swap(edge.first, edge.second);
  std::sort(edges.begin(), edges.end());
  return subtree_labels(parents, grouped(edges, n), ~std::size_t{0}).value();
}

std::vector<std::uint32_t> below(const SubtreeLabels& labels, std::uint32_t concept_id) {
  std::vector<std::uint32_t> found;
  for (auto i = labels.starts[concept_id]; i < labels.starts[concept_id + 1]; ++i) {
    const OrderInterval interval = labels.intervals[i];
    for (auto number = interval.first; number <= interval.last; ++number) {
      found.push_back(labels.by_order[number]);
    }
  }
  if (found.empty()) found.push_back(concept_id);
  std::sort(found.begin(), found.end());
  return found;
}

TEST(SubtreeLabels, AreOneIntervalAConceptInATree) {
  const SubtreeLabels labels = labels_of(5, {{1, 0}, {2, 0}, {3, 2}, {4, 2}});
  EXPECT_EQ(labels.intervals.size(), 2U);
  EXPECT_EQ(below(labels, 0), (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(below(labels, 2), (std::vector<std::uint32_t>{2, 3, 4}));
  EXPECT_EQ(below(labels, 4), (std::vector<std::uint32_t>{4}));
}

TEST(SubtreeLabels, AgreeWithWalkingDownOnRandomHierarchies) {
  std::mt19937 random(7);
  for (std::size_t round = 0; round < 30; ++round) {
    const std::uint32_t n = 1 + random() % 200;
    Pairs edges;
    std::vector<std::uint32_t> rank(n);  // children have higher ranks: no cycles
    for (std::uint32_t c = 0; c < n; ++c) rank[c] = c;
    std::shuffle(rank.begin(), rank.end(), random);
    for (std::uint32_t c = 1; c < n; ++c) {
      for (std::uint32_t parents = random() % 4; parents > 0; --parents) {
        edges.emplace_back(rank[c], rank[random() % c]);
      }
    }
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    const SubtreeLabels labels = labels_of(n, edges);
    for (std::uint32_t c = 0; c < n; ++c) {
      std::vector<bool> seen(n, false);
      std::vector<std::uint32_t> found{c};
      seen[c] = true;
      for (std::size_t i = 0; i < found.size(); ++i) {
        for (const auto& [child, parent] : edges) {
          if (parent != found[i] || seen[child]) continue;
          seen[child] = true;
          found.push_back(child);
        }
      }
      std::sort(found.begin(), found.end());
      ASSERT_EQ(below(labels, c), found);
    }
  }
}

TEST(SubtreeLabels, BearLongChains) {
  constexpr std::uint32_t kCount = 300'000;
  Pairs edges;
  for (std::uint32_t c = 1; c < kCount; ++c) edges.emplace_back(c, c - 1);
  const SubtreeLabels labels = labels_of(kCount, edges);
  EXPECT_EQ(below(labels, 0).size(), kCount);
  EXPECT_EQ(below(labels, kCount - 10).size(), 10U);
}

TEST(SubtreeLabels, AreNoneWhereTheyWouldBeTooMany) {
  Pairs edges;
  for (std::uint32_t child = 50; child < 100; ++child) {
    for (std::uint32_t parent = child % 3; parent < 50; parent += 2) {
      edges.emplace_back(child, parent);
    }
  }
  const Groups parents = grouped(edges, 100);
  for (auto& edge : edges) std::swap(edge.first, edge.second);
  std::sort(edges.begin(), edges.end());
  const Groups children = grouped(edges, 100);
  const auto labels = subtree_labels(parents, children, 10'000);
  ASSERT_TRUE(labels);
  const std::size_t needed = labels->intervals.size();
  EXPECT_GT(needed, 100U);
  EXPECT_TRUE(subtree_labels(parents, children, needed));
  EXPECT_FALSE(subtree_labels(parents, children, needed - 1));
}

}  // namespace
}  // namespace enlace
