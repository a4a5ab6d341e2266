#include "pairs/recipe.h"

#include "base/error.h"
#include "base/shown.h"

namespace enlace {
namespace {

PairRecipe clinlinker(std::uint32_t hops, std::uint32_t cap) {
  PairRecipe recipe;
  recipe.names.languages = {"es"};
  recipe.trade_names = true;
  recipe.hops = hops;
  recipe.cap = cap;
  return recipe;
}

}  // namespace

PairRecipe recipe_named(std::string_view name) {
  PairRecipe recipe;
  if (name == "clinlinker") return clinlinker(0, 15);
  if (name == "clinlinker-p") return clinlinker(1, 15);
  if (name == "clinlinker-gp") return clinlinker(2, 45);
  if (name == "all") {
    recipe.trade_names = true;
  } else if (name == "sapbert") {
    recipe.names.languages = {"en"};
  } else if (name == "wikidata") {
    recipe.names.sources = {"Wikidata"};
  } else if (name == "enlace") {
    recipe.sampling = PairSampling::kQuotas;
    recipe.all_scopes = false;
    recipe.strip_tags = true;
    recipe.hops = 2;
  } else {
    throw Error(ErrorKind::kInvalidArgument, "recipe: expected {}; found {}", kRecipeNames,
                shown(name));
  }
  return recipe;
}

}  // namespace enlace
