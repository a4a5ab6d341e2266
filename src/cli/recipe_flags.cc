#include "cli/recipe_flags.h"

#include <optional>
#include <string>
#include <type_traits>

#include "cli/options.h"

namespace enlace::cli {
namespace {

constexpr const char* kGroup = "Instead of what the recipe says";

template <class T>
struct ValueOf {
  using Type = T;
};
template <class T>
struct ValueOf<std::optional<T>> {
  using Type = T;
};

/// Adds flags, each with the place in a recipe that it sets: a member of TrainRecipe, or a function
/// from a recipe to a reference into it.
class FlagAdder {
 public:
  FlagAdder(CLI::App& verb, RecipeChanges& changes) : verb_(verb), changes_(changes) {}

  template <class Place>
  CLI::Option* value(const char* flag, Place place, const char* what) {
    using Member = std::remove_cvref_t<std::invoke_result_t<Place, TrainRecipe&>>;
    using Value = typename ValueOf<Member>::Type;
    return verb_
        .add_option_function<Value>(
            flag,
            [&changes = changes_, place](const Value& given) { add_change(changes, place, given); },
            what)
        ->group(kGroup);
  }

  /// One of two words: the first sets `first`, the second `second`.
  template <class Place, class Value>
  void choice(const char* flag, Place place, const char* what, std::string first_word, Value first,
              std::string second_word, Value second) {
    verb_
        .add_option_function<std::string>(
            flag,
            [&changes = changes_, place, first_word, first, second](const std::string& given) {
              add_change(changes, place, given == first_word ? first : second);
            },
            what)
        ->check(CLI::IsMember({first_word, second_word}))
        ->group(kGroup);
  }

  template <class Place>
  void yes_or_no(const char* flags, Place place, const char* what) {
    verb_
        .add_flag_function(
            flags,
            [&changes = changes_, place](std::int64_t given) {
              add_change(changes, place, given > 0);
            },
            what)
        ->group(kGroup);
  }

 private:
  template <class Place, class Value>
  static void add_change(RecipeChanges& changes, Place place, const Value& value) {
    changes.push_back([place, value](TrainRecipe& recipe) { std::invoke(place, recipe) = value; });
  }

  CLI::App& verb_;
  RecipeChanges& changes_;
};

void add_data_flags(FlagAdder& add) {
  using R = TrainRecipe;
  add.value("--hops", &R::hops, "Of the recipe enlace: 0, 1 for parents, 2 for grandparents too")
      ->check(within(0U, 2U));
  add.value("--temperature", &R::temperature,
            "Pairs of two languages are drawn by their number to this power")
      ->check(within(0.0, 1.0));
  add.value("--replay", &R::replay, "A second recipe of pairs, against forgetting");
  add.value("--replay-share", &R::replay_share, "Its share of the pairs")->check(within(0.0, 0.99));
  add.value("--mask-hops", &R::mask_hops, "Ancestors up to so many hops are no negatives")
      ->check(within(0, 10));
  const auto of_mining = [](auto member) {
    return [member](R & recipe) -> auto& {
      return recipe.mining.*member;
    };
  };
  add.value("--mine-every", of_mining(&MiningOptions::every),
            "Steps between two searches of hard negatives; 0: none")
      ->check(within(0, kAnyNumber));
  add.value("--mine-pool", of_mining(&MiningOptions::pool), "Concepts that take part")
      ->check(within(2U, 1U << 24));
  add.value("--mine-neighbours", of_mining(&MiningOptions::neighbours),
            "Of a concept, of which batches take some")
      ->check(within(1, 1000));
  add.value("--mine-group", of_mining(&MiningOptions::group),
            "Pairs of a batch that are of neighbours")
      ->check(within(1, 1000));
  add.value("--vary", &R::vary,
            "Share of texts that are varied as people write them: lower or upper case, no accents")
      ->check(within(0.0, 1.0));
}

void add_step_flags(FlagAdder& add) {
  using R = TrainRecipe;
  add.value("--batch", &R::batch, "Pairs a batch")->check(within(2, 1 << 16));
  add.value("--accumulate", &R::accumulate, "Batches a step")->check(within(1, 1 << 16));
  add.choice("--objective", &R::objective, "multi-similarity or infonce", "infonce",
             Objective::kInfoNce, "multi-similarity", Objective::kMultiSimilarity);
  add.value("--infonce-temperature", &R::info_nce_temperature, "What it divides cosines by")
      ->check(within(0.001, 10.0));
  CLI::Option* epochs =
      add.value("--epochs", &R::epochs, "Times that as many pairs as there are are taken")
          ->check(within(1e-6, 1e6));
  add.value("--steps", &R::steps, "Steps, instead of epochs")
      ->check(within(1, 1U << 30))
      ->excludes(epochs);
  add.value("--rate", &R::rate, "Learning rate, at its highest")->check(within(1e-12, 1.0));
  add.value("--warm-up", &R::warm_up, "Steps up to that rate")->check(within(0, kAnyNumber));
  add.choice("--schedule", &R::schedule, "constant or linear", "constant", Schedule::kConstant,
             "linear", Schedule::kLinear);
  add.value("--weight-decay", &R::weight_decay, "Of AdamW")->check(within(0.0, 1.0));
  add.value("--clip", &R::clip, "The greatest norm of gradients; 0: any")
      ->check(within(0, kAnyNumber));
  add.value("--dropout", &R::dropout, "Rate; by default that of config.json")
      ->check(within(0.0, 0.9));
  add.yes_or_no("--freeze-tokens,!--no-freeze-tokens", &R::freeze_tokens,
                "Leave token embeddings as they are");
  add.value("--blend", &R::blend, "Written: initial weights + this x (trained - initial)")
      ->check(within(0.0, 1.0));
  add.value("--seed", &R::seed, "Of everything that is drawn")->check(within(0, kAnyNumber));
}

void add_usage_flags(FlagAdder& add) {
  using R = TrainRecipe;
  add.choice("--pooling", &R::pooling, "mean or cls", "mean", Pooling::kMean, "cls", Pooling::kCls);
  add.value("--max-tokens", &R::max_tokens, "Tokens of a text")->check(within(3, 512));
  add.value("--prefix", &R::prefix, "Put before every text");
  add.yes_or_no("--fold-case,!--no-fold-case", &R::fold_case,
                "Use: embed names in lower case, mentions as they stand and in lower case");
  add.yes_or_no("--plain-names,!--no-plain-names", &R::plain_names,
                "Use: embed names and mentions without words such as unspecified");
  add.value("--concept-share", &R::concept_share,
            "Use: how much all names of a concept together count in its score, beside the best one")
      ->check(within(0.0, 1.0));
}

}  // namespace

void add_recipe_flags(CLI::App& verb, RecipeChanges& changes) {
  FlagAdder add(verb, changes);
  add_data_flags(add);
  add_step_flags(add);
  add_usage_flags(add);
}

}  // namespace enlace::cli
