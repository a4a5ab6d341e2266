// From a knowledge base, pair files and annotated mentions to what a run trains on.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "corpus/read_gold.h"
#include "kb/knowledge_base.h"
#include "pairs/make_pairs.h"
#include "train/trainer.h"

namespace enlace {

/// Adds the pairs of `kb` by `recipe` to `set`; of each two languages as a new kind. Throws as
/// make_pairs does.
void add_kb_pairs(const KnowledgeBase& kb, const PairRecipe& recipe, const PairRun& run,
                  PairSet& set, const Progress& progress = {});

/// Marks the names of `kb` that `recipe` takes into pairs.
void mark_kb_names(const KnowledgeBase& kb, const PairRecipe& recipe, std::vector<bool>& names);

/// Adds each mention whose gold is one code with up to four names of the concept that has it or
/// that it leads to, as a retired code does, or with other mentions of it where `kb` does not have
/// it, chosen by the seed, as pairs of one new kind. Equal mentions count as often as they are
/// there. Returns how many mentions gave a pair.
std::size_t add_mention_pairs(const KnowledgeBase& kb, std::span<const GoldMention> mentions,
                              std::uint64_t seed, PairSet& set);

/// Marks the names of `kb` that add_mention_pairs chooses among.
void mark_mention_names(const KnowledgeBase& kb, std::span<const GoldMention> mentions,
                        std::vector<bool>& names);

}  // namespace enlace
