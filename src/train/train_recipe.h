// How a model is trained: everything but the data and the model it begins from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "encode/model_usage.h"
#include "nn/precision.h"
#include "pairs/recipe.h"
#include "train/objectives.h"

namespace enlace {

enum class Objective { kMultiSimilarity, kInfoNce };
/// What follows the warm-up, over which the rate goes up from 0.
enum class Schedule {
  kConstant,
  kLinear,  // down to 0 at the last step
};

/// Hard negatives: batches of labels that the model finds alike.
struct MiningOptions {
  std::uint64_t every = 0;      // steps between two searches; 0: none
  std::size_t pool = 50'000;    // labels, chosen anew each time
  std::size_t neighbours = 12;  // of a label, of which a batch takes some
  std::size_t group = 4;        // pairs of a batch that are alike
};

/// The defaults are those of the SapBERT code (Liu et al. 2021; train/pretrain.sh), which trains
/// without schedule, warm-up or clipping, and decays every parameter.
struct TrainRecipe {
  std::string name = "sapbert";

  // The data.
  std::string pairs = "sapbert";      // recipe of pairs, if they come from a knowledge base
  std::optional<std::uint32_t> hops;  // of ancestors in pairs by quotas; none: as `pairs` says
  std::string replay;                 // another, against forgetting; empty: none
  double replay_share = 0;            // of a batch
  std::optional<double> temperature;  // pairs of two languages are drawn by n^this of their n;
                                      // none: every pair once an epoch
  bool masks = false;  // no negatives that share a string or a concept, or are ancestors
  std::uint32_t mask_hops = 2;
  MiningOptions mining;
  double vary = 0;  // share of texts that are varied as people write them (vary_text.h)

  // The batch and the loss.
  std::size_t batch = 256;  // pairs
  std::size_t accumulate = 1;
  Objective objective = Objective::kMultiSimilarity;
  MultiSimilarityOptions similarity;
  float info_nce_temperature = 0.07F;

  // The steps.
  double epochs = 1;
  std::uint64_t steps = 0;  // instead of epochs
  double rate = 2e-5;
  std::uint64_t warm_up = 0;
  Schedule schedule = Schedule::kConstant;
  double weight_decay = 0.01;
  double clip = 0;
  std::optional<float> dropout;  // none: what config.json says
  bool freeze_tokens = false;
  /// How far the model that is written lies on the way from the initial weights to the trained
  /// ones, in a straight line: below 1 it keeps more of what it knew (Wortsman et al. 2022, CVPR,
  /// arXiv:2109.01903).
  double blend = 1;
  std::uint64_t seed = 33;

  // How the model is used, here and ever after; none: as its folder says.
  std::optional<Pooling> pooling = Pooling::kCls;
  std::optional<std::size_t> max_tokens = 25;
  std::optional<std::string> prefix = "";
  std::optional<bool> fold_case;
  std::optional<bool> plain_names;
  std::optional<float> concept_share;
};

/// Whether pairs of `replay` are ever drawn: by temperature they are so by their share alone.
bool replays(const TrainRecipe& recipe) noexcept;

inline constexpr std::string_view kTrainRecipeNames =
    "sapbert, clinlinker, clinlinker-p, clinlinker-gp, bioelx or enlace";

/// The recipe called `name`:
///
///   sapbert, clinlinker, clinlinker-p, clinlinker-gp
///            the SapBERT code's training on the pairs of that name (pairs/recipe.h)
///   bioelx   the same on pairs across languages with Wikidata's names, at most 40 tokens, with
///            one pair in five of all names against forgetting (arXiv 2605.27380)
///   enlace   ours: docs/TRAINING.md says why
///
/// Throws Error(kInvalidArgument) for another name.
TrainRecipe train_recipe_named(std::string_view name);

}  // namespace enlace
