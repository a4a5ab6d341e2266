// A finished knowledge base and the changes made to it since, seen as one.
//
// The base never changes. What was added or changed stands beside it in a second, small knowledge
// base, each concept whole: with all its names, old and new, and with all its ancestors, so that
// the hierarchy can be asked there too; so does everything below a concept whose place in the
// hierarchy changed. The concepts of the base that no longer count, changed or retired, are listed
// as superseded.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "kb/draft.h"
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

/// A concept, or one name of it, that is to be no more.
struct Retirement {
  std::string code;
  std::string text;      // empty: the whole concept
  std::string language;  // canonical BCP 47; empty: the text in every language
};

struct AppliedChanges {
  std::vector<ConceptId> superseded;  // of the base, rising
  std::size_t retired_concepts = 0;
  std::size_t retired_names = 0;
  std::vector<std::string> unknown;  // codes and names that were to be retired and are not there
};

/// Completes `draft`, which holds what a further source or more say of some concepts, to the whole
/// of what was ever added or changed: the concepts of `kb.added`, the earlier facts about every
/// concept that the draft mentions, their ancestors, and, where a concept gains a parent, is joined
/// with another or is no more, everything below it; all without what is retired. What the draft
/// says of a code that leads to a concept is said of that concept, unless it is retired. The draft
/// is left to be settled by the caller, with one more report, `kept`, for the facts that were there
/// before; they count as if they had been read first.
AppliedChanges apply_changes(const ChangedKb& kb, std::span<const Retirement> retirements,
                             KbDraft& draft, SourceReport& kept);

}  // namespace enlace
