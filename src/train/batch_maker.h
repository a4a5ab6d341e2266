// What a step trains on: texts, what they mean, and which of them must not be pushed apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/knowledge_base.h"
#include "pairs/negative_mask.h"
#include "text/normalizer.h"
#include "train/batch_sampler.h"
#include "train/pair_set.h"
#include "train/train_recipe.h"

namespace enlace {

/// What a run trains on.
struct TrainData {
  PairSet pairs;
  /// For the masks of recipes that have them; null: rows of other labels with equal strings are
  /// the only ones that are no negatives.
  const KnowledgeBase* kb = nullptr;
  std::vector<bool> names;      // by id in `kb`: which may stand in a pair
  std::size_t replay_kind = 0;  // pairs of this kind and later ones are replayed; 0: none
};

/// The texts of some pairs, side by side. Moved, never copied: texts may borrow from `variants`.
struct TextBatch {
  std::vector<std::string> variants;  // of names that are varied; else empty
  std::vector<std::string_view> texts;
  std::vector<std::uint32_t> labels;  // of the texts
  std::vector<std::uint8_t> mask;     // (texts, texts): 1 for no negatives; empty without masks
};

class BatchMaker {
 public:
  /// Keeps references to `data`, whose pairs are finished, and `recipe`. Throws
  /// Error(kInvalidArgument) if there are no pairs, or only of one label.
  BatchMaker(const TrainData& data, const TrainRecipe& recipe, std::size_t workers);

  /// Depends on the data, the recipe, `number` and the neighbours alone.
  TextBatch batch(std::uint64_t number, const Neighbours& neighbours);

  /// As BatchSampler says.
  std::uint64_t steps_of_epoch() const noexcept { return sampler_.steps_of_epoch(); }

 private:
  void vary(std::uint64_t number, TextBatch& batch) const;
  void mask(TextBatch& batch) const;

  const TrainData& data_;
  const TrainRecipe& recipe_;
  BatchSampler sampler_;
  Normalizer bare_ = Normalizer::plain();
  std::optional<StringConcepts> names_;                // for masks
  std::vector<std::optional<ConceptId>> concept_ids_;  // by label
};

}  // namespace enlace
