#include "pairs/ancestors.h"

#include <algorithm>

namespace enlace {

std::vector<Ancestor> ancestors_within(const KnowledgeBase& kb, ConceptId concept_id,
                                       std::uint32_t hops) {
  std::vector<Ancestor> found;
  std::vector<ConceptId> seen = {concept_id};  // sorted
  std::vector<ConceptId> level = seen, next;
  for (std::uint32_t depth = 1; depth <= hops && !level.empty(); ++depth) {
    next.clear();
    for (const ConceptId below : level) {
      const auto parents = kb.parents_of(below);
      next.insert(next.end(), parents.begin(), parents.end());
    }
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    level.clear();
    std::set_difference(next.begin(), next.end(), seen.begin(), seen.end(),
                        std::back_inserter(level));
    for (const ConceptId above : level) found.push_back({above, depth});
    const auto middle = std::ptrdiff_t(seen.size());
    seen.insert(seen.end(), level.begin(), level.end());
    std::inplace_merge(seen.begin(), seen.begin() + middle, seen.end());
  }
  return found;
}

}  // namespace enlace
