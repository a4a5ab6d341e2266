// Finding the cycles of an is-a relation, which should have none.
#pragma once

#include <span>
#include <vector>

#include "kb/draft.h"

namespace enlace {

/// Removes from `edges` those that close a cycle in a depth-first search from child to parent that
/// takes codes, and the parents of each, in byte order. Each one removed is counted as cyclic in
/// the report of its reader, with a complaint that shows the cycle: "A > B > A".
///
/// Requires edges sorted by child and distinct. No recursion. O(edges log edges).
void drop_cyclic_edges(std::vector<KbDraft::Edge>& edges, const StringPool& codes,
                       std::span<SourceReport> reports);

}  // namespace enlace
