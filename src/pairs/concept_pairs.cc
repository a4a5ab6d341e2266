#include "pairs/concept_pairs.h"

namespace enlace {

std::string_view to_string(PairRelation relation) noexcept {
  switch (relation) {
    case PairRelation::kSynonym: return "syn";
    case PairRelation::kParent: return "par";
    case PairRelation::kGrandparent: return "gpa";
    case PairRelation::kAmongAncestors: return "anc";
  }
  return "";
}

}  // namespace enlace
