// Which names of a knowledge base become training pairs, and how many.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "link/name_filter.h"

namespace enlace {

/// How the pairs of a concept are drawn.
enum class PairSampling {
  kMixed,   // at most `cap` among all strings of the concept and its ancestors, whoever they belong
            // to: what the published systems do
  kQuotas,  // so many among its own strings and so many with an ancestor, never among ancestors
};

/// Everything a set of pairs depends on beside the names and the seed. The defaults of the two
/// samplings are those of the published recipes and of "enlace".
struct PairRecipe {
  NameFilter names = {};
  bool trade_names = false;  // names of the term type TRADENAME are taken, in any language; else
                             // they are left out
  bool all_scopes = true;    // else narrower and broader names are left out
  bool lower_case = true;    // strings are lower-cased (text/letter_case.h)
  bool strip_tags = false;   // without "(disorder)" where SNOMED CT names end so (pairs/name_tag.h)
  std::uint32_t hops = 0;    // ancestors: 0 none, 1 parents, 2 and their parents
  PairSampling sampling = PairSampling::kMixed;

  std::uint32_t cap = 50;  // kMixed: pairs a concept

  // kQuotas; what one kind of pairs cannot use goes to the others, unless they have a quota or a
  // weight of 0:
  std::uint32_t synonym_pairs = 15;          // a concept, among its own strings
  std::uint32_t ancestor_pairs = 5;          // a concept and hop
  std::uint32_t parent_weight = 2;           // parents get so many pairs …
  std::uint32_t grandparent_weight = 1;      // … for so many of grandparents
  std::uint32_t max_names = 50;              // strings of a concept that take part; 0: all
  std::optional<double> cross_lingual = {};  // probability that the strings of a pair have
                                             // different languages; none: as it falls out
};

/// The names that recipe_named knows, for messages.
inline constexpr std::string_view kRecipeNames =
    "sapbert, clinlinker, clinlinker-p, clinlinker-gp, wikidata, all or enlace";

/// The recipe called `name`:
///
///   sapbert        English names, 50 pairs; Liu et al. 2021, NAACL
///   clinlinker     Spanish and trade names, 15 pairs; Gallego et al. 2024, arXiv 2404.06367
///   clinlinker-p   the same with the names of parents, 15 pairs; Gallego et al. 2024, SSRN 4939986
///   clinlinker-gp  the same with those of grandparents too, 45 pairs
///   wikidata       names from the source "Wikidata", across languages, 50 pairs
///   all            every name, trade names too, across languages, 50 pairs
///   enlace         every name but narrower, broader and trade names, by quotas, up to
///                  grandparents
///
/// Throws Error(kInvalidArgument) for another name.
PairRecipe recipe_named(std::string_view name);

}  // namespace enlace
