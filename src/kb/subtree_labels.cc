#include "kb/subtree_labels.h"

#include <algorithm>

namespace enlace {
namespace {

/// Numbers the concepts in post-order of the tree in which the first parent of each is its parent.
/// Gives the least number below each.
std::vector<std::uint32_t> number(const Groups& parents, const Groups& children,
                                  SubtreeLabels& labels) {
  const auto n = std::uint32_t(parents.size());
  struct Step {
    std::uint32_t at;
    std::size_t next = 0;  // of its children
  };
  std::vector<std::uint32_t> least(n);
  std::vector<Step> path;
  for (std::uint32_t root = 0; root < n; ++root) {
    if (!parents[root].empty()) continue;
    path.push_back({root});
    least[root] = std::uint32_t(labels.by_order.size());
    while (!path.empty()) {
      const std::uint32_t at = path.back().at;
      const auto below = children[at];
      if (path.back().next == below.size()) {
        labels.order[at] = std::uint32_t(labels.by_order.size());
        labels.by_order.push_back(at);
        path.pop_back();
        continue;
      }
      const std::uint32_t child = below[path.back().next++];
      if (parents[child][0] != at) continue;
      least[child] = std::uint32_t(labels.by_order.size());
      path.push_back({child});
    }
  }
  return least;
}

/// Concepts, each after all of its children.
std::vector<std::uint32_t> upwards(const Groups& parents, const Groups& children) {
  std::vector<std::uint32_t> waiting(parents.size()), ready;
  for (std::uint32_t c = 0; c < waiting.size(); ++c) {
    waiting[c] = std::uint32_t(children[c].size());
    if (waiting[c] == 0) ready.push_back(c);
  }
  for (std::size_t i = 0; i < ready.size(); ++i) {
    for (const std::uint32_t parent : parents[ready[i]]) {
      if (--waiting[parent] == 0) ready.push_back(parent);
    }
  }
  return ready;
}

/// Sorts intervals and joins those that touch.
void tidy(std::vector<OrderInterval>& intervals) {
  std::sort(intervals.begin(), intervals.end(), [](const OrderInterval& a, const OrderInterval& b) {
    return std::pair(a.first, a.last) < std::pair(b.first, b.last);
  });
  std::size_t kept = 0;
  for (const OrderInterval& next : intervals) {
    if (kept > 0 && next.first <= std::uint64_t{intervals[kept - 1].last} + 1) {
      intervals[kept - 1].last = std::max(intervals[kept - 1].last, next.last);
    } else {
      intervals[kept++] = next;
    }
  }
  intervals.resize(kept);
}

}  // namespace

std::optional<SubtreeLabels> subtree_labels(const Groups& parents, const Groups& children,
                                            std::size_t most_intervals) {
  const std::size_t n = parents.size();
  SubtreeLabels labels;
  labels.order.resize(n);
  labels.by_order.reserve(n);
  const auto least = number(parents, children, labels);

  std::vector<std::vector<OrderInterval>> below(n);  // of concepts with children
  std::size_t total = 0;
  for (const std::uint32_t at : upwards(parents, children)) {
    if (children[at].empty()) continue;
    auto& own = below[at];
    own.push_back({least[at], labels.order[at]});
    for (const std::uint32_t child : children[at]) {
      const bool in_tree = parents[child][0] == at;
      if (!in_tree) own.push_back({labels.order[child], labels.order[child]});
      for (const OrderInterval& interval : below[child]) {
        const bool inside = interval.first >= least[at] && interval.last <= labels.order[at];
        if (!inside) own.push_back(interval);
      }
    }
    tidy(own);
    own.shrink_to_fit();
    total += own.size();
    if (total > most_intervals) return std::nullopt;
  }
  labels.starts.push_back(0);
  for (auto& own : below) {
    labels.intervals.insert(labels.intervals.end(), own.begin(), own.end());
    labels.starts.push_back(std::uint32_t(labels.intervals.size()));
    own = {};
  }
  return labels;
}

}  // namespace enlace
