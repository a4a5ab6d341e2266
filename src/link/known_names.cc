#include "link/known_names.h"

#include <algorithm>
#include <vector>

#include "link/text_forms.h"

namespace enlace {
namespace {

bool any_counts(const std::vector<TextId>& texts, const KbPart& part) {
  const KnowledgeBase& kb = part.folder->kb;
  return std::ranges::any_of(texts, [&](TextId text) {
    return std::ranges::any_of(kb.names_with_text(text), [&](NameId name) {
      return part.counts(kb.concept_of(name)) && part.scope.allows(name);
    });
  });
}

}  // namespace

bool is_known_name(const MentionForms& mention, std::span<const KbPart> parts,
                   const NameForms& forms) {
  return std::ranges::any_of(parts, [&](const KbPart& part) {
    const KbFolder& folder = *part.folder;
    const auto exact = text_forms(folder.kb, forms, &NameForms::exact);
    const auto stems = text_forms(folder.kb, forms, &NameForms::stems);
    return any_counts(folder.exact.find(mention.exact, exact), part) ||
           any_counts(folder.stems.find(mention.stems, stems), part);
  });
}

}  // namespace enlace
