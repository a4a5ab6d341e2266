#include "link/name_forms.h"

#include "text/skeleton.h"

namespace enlace {

void NameForms::skeleton(std::string_view text, std::string& out) const {
  std::string key;
  exact(text, key);
  skeleton_of(key, out);
}

const Normalizer& NameForms::of_all_languages() {
  static const Normalizer normalizer("");
  return normalizer;
}

}  // namespace enlace
