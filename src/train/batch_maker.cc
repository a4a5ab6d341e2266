#include "train/batch_maker.h"

#include "base/error.h"
#include "base/random.h"
#include "train/vary_text.h"

namespace enlace {
namespace {

const PairSet& checked(const PairSet& pairs) {
  if (pairs.label_count() < 2) {
    throw Error(ErrorKind::kInvalidArgument,
                "training: expected pairs of two ids or more, found {} of {}: there is nothing "
                "to tell apart",
                pairs.size(), pairs.label_count());
  }
  return pairs;
}

BatchSampler::Options sampler_options(const TrainData& data, const TrainRecipe& recipe) {
  BatchSampler::Options options;
  options.pairs = recipe.batch;
  options.seed = recipe.seed;
  if (recipe.temperature) {
    options.kind_weights = weights_by_temperature(data.pairs, *recipe.temperature, data.replay_kind,
                                                  recipe.replay_share);
  }
  if (recipe.mining.every > 0) options.group = recipe.mining.group;
  return options;
}

}  // namespace

BatchMaker::BatchMaker(const TrainData& data, const TrainRecipe& recipe, std::size_t workers)
    : data_(data),
      recipe_(recipe),
      sampler_(checked(data.pairs), sampler_options(data, recipe)),
      concept_ids_(data.pairs.label_count()) {
  if (data.kb == nullptr) return;
  if (recipe.masks) names_.emplace(*data.kb, workers);
  for (std::uint32_t label = 0; label < data.pairs.label_count(); ++label) {
    concept_ids_[label] = data.kb->find(data.pairs.code(label));
  }
}

TextBatch BatchMaker::batch(std::uint64_t number, const Neighbours& neighbours) {
  TextBatch batch;
  for (const std::uint32_t i : sampler_.batch(number, neighbours)) {
    const TextPair pair = data_.pairs.pair(i);
    batch.texts.push_back(pair.x);
    batch.texts.push_back(pair.y);
    batch.labels.insert(batch.labels.end(), 2, pair.label);
  }
  if (recipe_.vary > 0) vary(number, batch);
  if (recipe_.masks) mask(batch);
  return batch;
}

/// Puts variants in place of the recipe's share of the texts.
void BatchMaker::vary(std::uint64_t number, TextBatch& batch) const {
  Random random(Random(~recipe_.seed ^ number).next());
  batch.variants.resize(batch.texts.size());
  for (std::size_t i = 0; i < batch.texts.size(); ++i) {
    if (random.unit() >= recipe_.vary) continue;
    vary_text(batch.texts[i], bare_, random, batch.variants[i]);
    batch.texts[i] = batch.variants[i];
  }
}

void BatchMaker::mask(TextBatch& batch) const {
  const auto& texts = batch.texts;
  const auto& labels = batch.labels;
  const std::size_t N = texts.size();
  batch.mask.resize(N * N);
  if (names_) {
    std::vector<LabelledString> rows;
    std::vector<std::uint32_t> places;  // of rows with a concept
    for (std::size_t i = 0; i < N; ++i) {
      if (!concept_ids_[labels[i]]) continue;
      rows.push_back({texts[i], *concept_ids_[labels[i]]});
      places.push_back(static_cast<std::uint32_t>(i));
    }
    std::vector<std::uint8_t> some(rows.size() * rows.size());
    fill_negative_mask(*data_.kb, *names_, rows, recipe_.mask_hops, some);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < rows.size(); ++j) {
        batch.mask[places[i] * N + places[j]] = some[i * rows.size() + j];
      }
    }
  }
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (texts[i] == texts[j]) batch.mask[i * N + j] = batch.mask[j * N + i] = 1;
    }
  }
}

}  // namespace enlace
