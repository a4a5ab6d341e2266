#include "train/train_recipe.h"

#include "base/error.h"
#include "base/shown.h"

namespace enlace {
namespace {

TrainRecipe published(std::string_view name) {
  TrainRecipe recipe;
  recipe.name = recipe.pairs = name;
  return recipe;
}

TrainRecipe bioelx() {
  TrainRecipe recipe;
  recipe.name = "bioelx";
  recipe.pairs = "wikidata";
  recipe.replay = "all";
  recipe.replay_share = 0.2;
  recipe.temperature = 0.5;
  recipe.max_tokens = 40;
  return recipe;
}

TrainRecipe ours() {
  TrainRecipe recipe;
  recipe.name = recipe.pairs = "enlace";
  recipe.hops = 0;
  recipe.temperature = 0.6;
  recipe.masks = true;
  recipe.freeze_tokens = true;
  recipe.rate = 5e-5;
  recipe.warm_up = 100;
  recipe.schedule = Schedule::kLinear;
  recipe.clip = 1;
  recipe.dropout = 0.0F;
  recipe.pooling.reset();
  recipe.max_tokens.reset();
  recipe.prefix.reset();
  recipe.plain_names = true;
  recipe.concept_share = 0.2F;
  return recipe;
}

}  // namespace

bool replays(const TrainRecipe& recipe) noexcept {
  return !recipe.replay.empty() && (!recipe.temperature || recipe.replay_share > 0);
}

TrainRecipe train_recipe_named(std::string_view name) {
  for (const std::string_view known : {"sapbert", "clinlinker", "clinlinker-p", "clinlinker-gp"}) {
    if (name == known) return published(name);
  }
  if (name == "bioelx") return bioelx();
  if (name == "enlace") return ours();
  throw Error(ErrorKind::kInvalidArgument, "recipe: expected {}, found {}", kTrainRecipeNames,
              shown(name));
}

}  // namespace enlace
