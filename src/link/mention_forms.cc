#include "link/mention_forms.h"

namespace enlace {

MentionForms::MentionForms(const NameForms& forms, std::string_view mention,
                           std::span<const float> embedded)
    : vector(embedded) {
  forms.exact(mention, exact);
  forms.stems(mention, stems);
  forms.spelling(mention, spelling);
  forms.skeleton(mention, skeleton);
}

}  // namespace enlace
