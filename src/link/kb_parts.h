// What there is to search: a knowledge base and its changes, each with the names that count.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "link/kb_folder.h"
#include "link/name_filter.h"

namespace enlace {

/// One folder of indexes and what may be linked to in it.
struct KbPart {
  const KbFolder* folder;
  NameScope scope = {};
  std::span<const ConceptId> superseded = {};  // concepts of it that no longer count, rising

  /// Null where every name counts.
  const NameScope* restriction() const noexcept { return scope.everything() ? nullptr : &scope; }

  /// Whether the concept is one, allowed or not.
  bool counts(ConceptId concept_id) const {
    return !std::ranges::binary_search(superseded, concept_id);
  }
};

/// The base without what was superseded, and the changes, if any. No concept is in both. Borrows
/// `folder`. Throws as require_known does.
std::vector<KbPart> searchable_parts(const KbFolder& folder, const NameFilter& filter);

/// The concepts of `part` that count and have a name with this text, rising.
std::vector<ConceptId> concepts_with(TextId text, const KbPart& part);

}  // namespace enlace
