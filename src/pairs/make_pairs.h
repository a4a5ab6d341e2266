// The training pairs of a whole knowledge base, as a stream.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "base/progress.h"
#include "kb/knowledge_base.h"
#include "pairs/concept_pairs.h"
#include "pairs/recipe.h"

namespace enlace {

/// Two strings that mean the concept, or one that means it and one that means an ancestor.
struct TrainingPair {
  ConceptId concept_id;  // the label
  PairRelation relation;
  std::uint32_t x_language, y_language;  // in languages() of the knowledge base
  std::string_view x, y;
};

/// What pairs were made of. Names are counted for the concept they belong to.
struct PairTally {
  std::uint64_t concepts = 0;        // that gave a pair
  std::uint64_t named_concepts = 0;  // that have a name the recipe takes
  std::uint64_t bad_codes = 0;       // concepts left out because of their code
  NameTally names;
  std::array<std::uint64_t, kPairRelationCount> pairs{};  // by PairRelation

  std::uint64_t pair_count() const noexcept;
  PairTally& operator+=(const PairTally& other) noexcept;
};

struct PairRun {
  std::uint64_t seed = 0;
  std::size_t workers = 1;
};

/// Takes some pairs; the strings live until it returns.
using PairSink = std::function<void(std::span<const TrainingPair>)>;

/// Gives every pair of `kb` by `recipe` to `sink`, concept by concept in the order of their ids, in
/// chunks of one or more whole concepts, from the caller's thread.
///
/// The random numbers of a concept are seeded with the seed and its code, so the pairs depend on
/// neither the workers nor the other concepts. Concepts and strings that could not stand in a file
/// (is_writable_field) are left out here already.
/// Throws Error: kInvalidArgument for a recipe that makes no sense; as require_known does
/// (link/name_filter.h) for names that are not there;
/// kCancelled; and what `sink` throws. Cost: memory for some ten thousand concepts at a time.
PairTally make_pairs(const KnowledgeBase& kb, const PairRecipe& recipe, const PairRun& run,
                     const PairSink& sink, const Progress& progress = {});

}  // namespace enlace
