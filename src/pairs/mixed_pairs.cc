#include <algorithm>

#include "pairs/ancestors.h"
#include "pairs/concept_pairs.h"
#include "pairs/pair_space.h"

namespace enlace {
namespace {

PairRelation relation_of(std::uint32_t depth, std::uint32_t other_depth) noexcept {
  const auto [nearer, farther] = std::minmax(depth, other_depth);
  if (nearer > 0) return PairRelation::kAmongAncestors;
  return farther == 0   ? PairRelation::kSynonym
         : farther == 1 ? PairRelation::kParent
                        : PairRelation::kGrandparent;
}

}  // namespace

void draw_mixed(const KnowledgeBase& kb, const PairRecipe& recipe, const TermReader& reader,
                ConceptId concept_id, Random& random, NameTally& tally, ConceptPairs& out) {
  out.terms.clear();
  out.pairs.clear();
  reader.read(concept_id, 0, out.terms, tally);
  if (out.terms.empty()) return;
  NameTally of_ancestors;  // counted where they are own
  for (const Ancestor& ancestor : ancestors_within(kb, concept_id, recipe.hops)) {
    reader.read(ancestor.concept_id, ancestor.depth, out.terms, of_ancestors);
  }
  std::stable_sort(out.terms.begin(), out.terms.end(), [](const Term& a, const Term& b) {
    const int order = a.text.compare(b.text);
    return order != 0 ? order < 0 : a.depth < b.depth;
  });
  const auto same = [](const Term& a, const Term& b) { return a.text == b.text; };
  out.terms.erase(std::unique(out.terms.begin(), out.terms.end(), same), out.terms.end());

  PairSpace space;
  space.add_triangle({0, std::uint32_t(out.terms.size())});
  for (const std::uint64_t number : sample_numbers(space.size(), recipe.cap, random)) {
    const PlacePair pair = space.at(number);
    out.pairs.push_back({pair.first, pair.second,
                         relation_of(out.terms[pair.first].depth, out.terms[pair.second].depth)});
  }
}

}  // namespace enlace
