#include "kb/copy_concept.h"

namespace enlace {

void copy_concept(const KnowledgeBase& kb, ConceptId concept_id, KbDraft& draft,
                  SourceReport& report, const std::function<bool(const Name&)>& wanted) {
  const std::string_view code = kb.code(concept_id);
  for (const NameId name_id : kb.names_of(concept_id)) {
    const Name name = kb.name(name_id);
    if (wanted && !wanted(name)) continue;
    draft.add(NameRecord{code, name.text, name.language, name.source, name.scope, name.term_type,
                         name.licence},
              report);
  }
  for (const std::uint32_t type : kb.types_of(concept_id)) {
    draft.add(TypeRecord{code, kb.types().values[type]});
  }
  for (const ConceptId parent : kb.parents_of(concept_id)) {
    draft.add(RelationRecord{code, kb.code(parent)});
  }
  for (const std::uint32_t xref : kb.xrefs_of(concept_id)) {
    draft.add(XrefRecord{code, kb.xref(xref)});
  }
  const std::string_view definition = kb.definition(concept_id);
  if (!definition.empty()) draft.add(DefinitionRecord{code, definition, ""});
}

void copy_former_codes(const KnowledgeBase& kb, KbDraft& draft) {
  for (std::uint32_t former = 0; former < kb.former_codes().size(); ++former) {
    draft.add(ReplacementRecord{kb.former_codes()[former], kb.code(kb.former_concept(former))});
  }
}

}  // namespace enlace
