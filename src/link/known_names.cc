#include "link/known_names.h"

#include <algorithm>
#include <vector>

#include "link/text_forms.h"

namespace enlace {
namespace {

bool any_counts(const std::vector<TextId>& texts, const KbPart& part) {
  return std::ranges::any_of(texts,
                             [&](TextId text) { return !concepts_with(text, part).empty(); });
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
