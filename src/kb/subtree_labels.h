// Labels that tell at once whether one concept lies below another in a hierarchy with many parents.
//
// Agrawal, Borgida and Jagadish (SIGMOD 1989), Efficient Management of Transitive Relationships in
// Large Data and Knowledge Bases: concepts are numbered in post-order of a spanning tree; what lies
// below a concept is a few intervals of these numbers, one where the hierarchy is a tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "kb/groups.h"

namespace enlace {

/// The numbers first … last.
struct OrderInterval {
  std::uint32_t first, last;
  friend bool operator==(const OrderInterval&, const OrderInterval&) = default;
};

struct SubtreeLabels {
  std::vector<std::uint32_t> order;      // by concept: its number
  std::vector<std::uint32_t> by_order;   // by number: the concept
  std::vector<std::uint32_t> starts;     // by concept: its intervals begin at intervals[starts[c]]
  std::vector<OrderInterval> intervals;  // rising and apart; none for a concept with no children
};

/// Labels of the concepts 0 … n - 1; group c of `parents` and of `children` are those of concept c,
/// without cycles. Deterministic. No recursion. Time and space grow with the intervals: nothing if
/// there would be more than `most_intervals`, as where hierarchies that have little in common are
/// laid over one another.
std::optional<SubtreeLabels> subtree_labels(const Groups& parents, const Groups& children,
                                            std::size_t most_intervals);

}  // namespace enlace
