#include "link/thesaurus.h"

#include "link/kb_thesaurus.h"
#include "link/known_names.h"
#include "link/packed_thesaurus.h"

namespace enlace {

std::vector<TextOfConcept> texts_and_looseness(const KnowledgeBase& kb, ConceptId concept_id) {
  std::map<TextId, bool> loose;
  for (const NameId name : kb.names_of(concept_id)) {
    const NameRow row = kb.name_row(name);
    const bool is_loose = row.scope > Scope::kExact;
    const auto [found, added] = loose.emplace(row.text_id, is_loose);
    found->second = found->second && is_loose;
  }
  std::vector<TextOfConcept> texts;
  for (const auto& [text, is_loose] : loose) texts.push_back({text, is_loose});
  return texts;
}

std::vector<OtherNames> Thesaurus::other_names(const MentionForms& mention,
                                               std::span<const KbPart> parts,
                                               NgramWorkspace& workspace) const {
  if (is_known_name(mention, parts, forms_)) return std::vector<OtherNames>(parts.size());
  return look_up(mention, parts, workspace);
}

std::unique_ptr<const Thesaurus> open_thesaurus(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return std::make_unique<KbThesaurus>(path);
  return std::make_unique<PackedThesaurus>(path);
}

}  // namespace enlace
