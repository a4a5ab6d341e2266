// The flags of `enlace train` that stand instead of what its recipe says.
#pragma once

#include <functional>
#include <vector>

#include <CLI/CLI.hpp>

#include "train/train_recipe.h"

namespace enlace::cli {

/// What flags change in a recipe, in any order.
using RecipeChanges = std::vector<std::function<void(TrainRecipe&)>>;

/// Adds the flags to `verb`. Parsing adds a change for each that is given; both must live so long.
void add_recipe_flags(CLI::App& verb, RecipeChanges& changes);

}  // namespace enlace::cli
