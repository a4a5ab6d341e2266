// A finished knowledge base and the changes made to it since, seen as one.
//
// The base never changes. What was added or changed stands beside it in a second, small knowledge
// base, each concept whole: with all its names, old and new, and with all its ancestors, so that
// the hierarchy can be asked there too; so does everything below a concept whose place in the
// hierarchy changed. The concepts of the base that no longer count, changed or retired, are listed
// as superseded.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kb/knowledge_base.h"

namespace enlace {

/// Borrows everything. Const use is thread-safe.
struct ChangedKb {
  const KnowledgeBase* base;
  const KnowledgeBase* added = nullptr;        // none: nothing was added or changed
  std::span<const ConceptId> superseded = {};  // of the base, rising
};

/// A concept, and in which of the two it stands.
struct ConceptPlace {
  const KnowledgeBase* kb;
  ConceptId concept_id;
};

/// Where the concept with this very code stands now; nothing if there is none or it was retired.
std::optional<ConceptPlace> find_concept(const ChangedKb& kb, std::string_view code);

/// The same; a code that is nobody's own is followed to the concept it leads to, over codes that
/// were retired since.
std::optional<ConceptPlace> resolve_code(const ChangedKb& kb, std::string_view code);

}  // namespace enlace
