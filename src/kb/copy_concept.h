// Taking concepts of a finished knowledge base into a new one.
#pragma once

#include <functional>

#include "kb/draft.h"
#include "kb/knowledge_base.h"

namespace enlace {

/// Adds the concept to `draft`, in which a source has begun: its names, those that `wanted` says
/// yes to if it is given, its types, parents by their codes, references and definition. Throws as
/// the accessors of `kb` and KbDraft::add do.
void copy_concept(const KnowledgeBase& kb, ConceptId concept_id, KbDraft& draft,
                  SourceReport& report, const std::function<bool(const Name&)>& wanted = {});

/// Adds its former codes, all of them; those that lead to concepts which the draft does not name
/// are dropped when it is settled.
void copy_former_codes(const KnowledgeBase& kb, KbDraft& draft);

}  // namespace enlace
