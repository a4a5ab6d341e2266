// What is said of a knowledge base after it was built: concepts and names that are added, changed
// or retired, as kb/changed_kb.h has them beside the base.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kb/changed_kb.h"
#include "kb/draft.h"

namespace enlace {

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
