// The concepts above a concept, up to a number of hops.
#pragma once

#include <cstdint>
#include <vector>

#include "kb/knowledge_base.h"

namespace enlace {

/// A concept above another, and over how many is-a relations it is reached at the least.
struct Ancestor {
  ConceptId concept_id;
  std::uint32_t depth;  // 1: parent, 2: grandparent

  friend bool operator==(const Ancestor&, const Ancestor&) = default;
};

/// The ancestors of `concept_id` within `hops`, without itself: by depth, then by id. Linear in
/// what it finds, but for sorting it.
std::vector<Ancestor> ancestors_within(const KnowledgeBase& kb, ConceptId concept_id,
                                       std::uint32_t hops);

}  // namespace enlace
