#include "link/kb_parts.h"

namespace enlace {

std::vector<KbPart> searchable_parts(const KbFolder& folder, const NameFilter& filter) {
  const ChangedKb changed = changed_kb(folder);
  require_known(filter, changed);
  std::vector<KbPart> parts;
  parts.push_back({&folder, NameScope(folder.kb, filter, changed.superseded), changed.superseded});
  if (changed.added != nullptr) {
    const KbFolder& added = *folder.changes->added;
    parts.push_back({&added, NameScope(added.kb, filter)});
  }
  return parts;
}

std::vector<ConceptId> concepts_with(TextId text, const KbPart& part) {
  const KnowledgeBase& kb = part.folder->kb;
  std::vector<ConceptId> concepts;
  for (const NameId name : kb.names_with_text(text)) {  // they ascend, and so do their concepts
    const ConceptId concept_id = kb.concept_of(name);
    const bool known = !concepts.empty() && concepts.back() == concept_id;
    if (!known && part.counts(concept_id)) concepts.push_back(concept_id);
  }
  return concepts;
}

}  // namespace enlace
