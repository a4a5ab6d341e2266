// Training pairs as files.
#pragma once

#include <filesystem>

#include "pairs/make_pairs.h"

namespace enlace {

struct PairFiles {
  std::filesystem::path pairs;      // a line `code||x||y` a pair: what the SapBERT code trains on
  std::filesystem::path side = {};  // line by line with it: relation, tab, language of x, tab,
                                    // language of y; empty: none
};

/// Writes what make_pairs gives to `files`, each of which appears in one step when all pairs are
/// drawn, the side file first. Equal knowledge bases, recipes and seeds give equal bytes.
///
/// Throws Error as make_pairs and FilePublication do; kInvalidArgument if there is no pair, or both
/// paths are one. Whatever is thrown, nothing is left behind and old files are as they were.
PairTally write_pairs(const KnowledgeBase& kb, const PairRecipe& recipe, const PairRun& run,
                      const PairFiles& files, const Progress& progress = {});

}  // namespace enlace
