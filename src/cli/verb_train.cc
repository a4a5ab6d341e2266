#include <algorithm>
#include <memory>
#include <vector>

#include "cli/command_line.h"
#include "cli/dev_sets.h"
#include "cli/options.h"
#include "cli/recipe_flags.h"
#include "cli/terminal.h"
#include "cli/training_data.h"
#include "cli/training_session.h"
#include "cli/verbs.h"
#include "io/publish.h"
#include "math/tier.h"
#include "train/trainer.h"

namespace enlace::cli {
namespace {

struct Options {
  DataFlags data;
  std::string recipe;
  std::filesystem::path init;
  RecipeChanges changes;
  SessionOptions session;
  bool random = false, recompute = false;
  Precision precision = Precision::kF32;
  std::size_t threads = 0;
};

/// The recipes of pairs by which names of a knowledge base are paired.
std::vector<PairRecipe> kb_recipes(const TrainRecipe& recipe, const DataFlags& data) {
  std::vector<PairRecipe> recipes;
  if (data.pairs.empty()) recipes.push_back(recipe_named(recipe.pairs));
  if (replays(recipe) && !data.kb.empty()) recipes.push_back(recipe_named(recipe.replay));
  return recipes;
}

/// Throws Error(kInvalidArgument) if a flag was given that would change nothing.
void refuse_idle_flags(const CLI::App& verb, const TrainRecipe& recipe, const Options& options) {
  struct Flag {
    const char* name;
    bool works;
    const char* needs;
  };
  const auto kb_pairs = kb_recipes(recipe, options.data);
  const bool from_kb = !kb_pairs.empty();
  const bool by_quotas = std::ranges::any_of(
      kb_pairs, [](const PairRecipe& pairs) { return pairs.sampling == PairSampling::kQuotas; });
  const bool has_replay = !recipe.replay.empty() && !options.data.kb.empty();
  const bool mines = recipe.mining.every > 0;
  const Flag flags[] = {
      {"--language", from_kb, "pairs of a knowledge base, not --pairs"},
      {"--source", from_kb, "pairs of a knowledge base, not --pairs"},
      {"--synonyms", by_quotas, "pairs of a knowledge base by the recipe enlace"},
      {"--ancestors", by_quotas && recipe.hops.value_or(1) > 0,
       "pairs of a knowledge base by the recipe enlace, and --hops"},
      {"--hops", by_quotas, "pairs of a knowledge base by the recipe enlace"},
      {"--replay", has_replay, "--kb"},
      {"--replay", replays(recipe), "--replay-share above 0"},
      {"--replay-share", has_replay && recipe.temperature, "--replay and --temperature"},
      {"--mask-hops", recipe.masks && !options.data.kb.empty(), "--kb and the recipe enlace"},
      {"--mine-every", recipe.temperature.has_value(), "--temperature"},
      {"--mine-pool", mines, "--mine-every"},
      {"--mine-neighbours", mines, "--mine-every"},
      {"--mine-group", mines, "--mine-every"},
      {"--infonce-temperature", recipe.objective == Objective::kInfoNce, "--objective infonce"},
      {"--blend", !options.random, "weights to begin from, not --random"},
      {"--eval-every", !options.session.dev_sets.empty(), "--eval"},
  };
  for (const Flag& flag : flags) {
    if (flag.works || verb.get_option(flag.name)->count() == 0) continue;
    throw Error(ErrorKind::kInvalidArgument, "{}: expected {}", flag.name, flag.needs);
  }
}

void run(const CLI::App& verb, const Options& options) {
  if (options.data.kb.empty() && options.data.pairs.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "train: expected --kb or --pairs");
  }
  if (!options.data.mentions.empty() && options.data.kb.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "--mentions: expected --kb, which has their concepts");
  }
  if (options.precision == Precision::kInt8) {
    throw Error(ErrorKind::kInvalidArgument, "--precision: expected f32 or bf16, found int8");
  }
  require_new_path(options.session.out);
  require_dev_sets(options.session.dev_sets);
  TrainRecipe recipe = train_recipe_named(options.recipe);
  for (const auto& change : options.changes) change(recipe);
  refuse_idle_flags(verb, recipe, options);
  TerminalProgress terminal;
  const Progress progress = terminal.progress();
  const std::size_t workers = workers_of(options.threads);
  TrainingData data;
  read_training_data(options.data, recipe, options.session.out, workers, progress, data);
  const TrainRun run{options.init, options.random, options.precision, options.recompute, workers};
  run_training(data.data, recipe, run, options.session, progress);
}

}  // namespace

void add_train_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("train", "Train a model to find the names of concepts");
  options->precision = current_tier() >= Tier::kAvx512Bf16 ? Precision::kBf16 : Precision::kF32;
  verb->add_option("--recipe", options->recipe, std::string(kTrainRecipeNames))->required();
  verb->add_option("--init", options->init, "The model folder to begin from")->required();
  verb->add_option("--out", options->session.out, "The model folder to make")->required();
  add_data_flags(*verb, options->data);
  add_recipe_flags(*verb, options->changes);
  verb->add_flag("--random", options->random,
                 "Begin from random weights: of --init only config and tokenizer are read");
  verb->add_flag("--restart", options->session.restart,
                 "Begin anew where an interrupted run could go on");
  verb->add_flag("--recompute", options->recompute,
                 "Less memory for a third more time: inner states are computed again");
  add_precision_flag(*verb, options->precision);
  verb->add_option("--save-every", options->session.save_minutes, "Minutes between saves")
      ->capture_default_str()
      ->check(within(0.0, 1e6));
  verb->add_option("--eval", options->session.dev_sets,
                   "A folder with kb.tsv and gold.tsv: accuracy while training; repeatable")
      ->allow_extra_args(false);
  verb->add_option("--eval-every", options->session.eval_every,
                   "Steps between two evaluations; 0: the end")
      ->check(within(0, kAnyNumber));
  verb->add_option("--log", options->session.log, "A line of JSON a step is written here");
  add_threads_flag(*verb, options->threads);
  verb->callback([options, verb] {
    options->session.command = command_of(*verb);
    options->session.out = without_slash(options->session.out.lexically_normal());
    options->init = without_slash(options->init.lexically_normal());
    run(*verb, *options);
  });
}

}  // namespace enlace::cli
