#include <memory>
#include <optional>

#include <fmt/core.h>

#include "cli/dev_sets.h"
#include "cli/options.h"
#include "cli/recipe_flags.h"
#include "cli/terminal.h"
#include "cli/training_session.h"
#include "cli/verbs.h"
#include "io/publish.h"
#include "link/folded_kb.h"
#include "link/kb_folder.h"
#include "math/tier.h"
#include "train/train_data.h"
#include "train/trainer.h"

namespace enlace::cli {
namespace {

struct Options {
  std::string kb, pairs, mentions, recipe;
  std::filesystem::path init;
  std::vector<std::string> languages, sources;
  std::optional<std::uint32_t> synonyms, ancestors;  // of recipes by quotas
  RecipeChanges changes;
  SessionOptions session;
  bool random = false, recompute = false;
  Precision precision = Precision::kF32;
  std::size_t threads = 0;
};

PairRecipe pair_recipe(const std::string& name, const TrainRecipe& training,
                       const Options& options) {
  PairRecipe recipe = recipe_named(name);
  if (training.hops) recipe.hops = *training.hops;
  if (!options.languages.empty()) recipe.names.languages = options.languages;
  if (recipe.names.languages == std::vector<std::string>{"any"}) recipe.names.languages.clear();
  if (!options.sources.empty()) recipe.names.sources = options.sources;
  if (options.synonyms) recipe.synonym_pairs = *options.synonyms;
  if (options.ancestors) recipe.ancestor_pairs = *options.ancestors;
  return recipe;
}

/// What a run reads, kept together.
struct Data {
  std::optional<KbFolder> folder;
  std::optional<FoldedKb> folded;  // of the folder
  TrainData data;
};

void read_mentions(const Options& options, const TrainRecipe& recipe, std::uint32_t kind,
                   Data& data) {
  ReadReport report;
  const auto mentions = read_gold(options.mentions, report);
  for (const std::string& complaint : report.complaints) complain(complaint + "\n");
  const std::size_t used =
      add_mention_pairs(data.folded->kb(), mentions, recipe.seed, kind, data.data.pairs);
  complain(fmt::format("{}: {} of {} gave pairs\n", options.mentions, used,
                       counted(mentions.size(), "mention")));
}

void read_data(const Options& options, const TrainRecipe& recipe, const Progress& progress,
               Data& to) {
  PairSet& set = to.data.pairs;
  const PairRun run{recipe.seed, workers_of(options.threads)};
  std::uint32_t kinds = 0;
  if (!options.kb.empty()) {
    to.folder = open_kb_folder(options.kb);
    to.folded.emplace(*to.folder, options.session.out, progress);
    to.data.kb = &to.folded->kb();
  }
  if (!options.pairs.empty()) {
    read_pairs(options.pairs, kinds++, set, progress);
  } else {
    kinds = add_kb_pairs(to.folded->kb(), pair_recipe(recipe.pairs, recipe, options), run, kinds,
                         set, progress);
  }
  if (!options.mentions.empty()) read_mentions(options, recipe, kinds++, to);
  if (!recipe.replay.empty() && to.folded) {
    to.data.replay_kind = kinds;
    add_kb_pairs(to.folded->kb(), pair_recipe(recipe.replay, recipe, options), run, kinds, set,
                 progress);
  }
  set.finish();
  complain(fmt::format("{} of {}\n", counted(set.size(), "pair"),
                       counted(set.label_count(), "concept")));
}

/// `text` as a word of a shell's command.
std::string quoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == text.npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

std::string command_of(const CLI::App& verb) {
  std::string text = "enlace train";
  for (const CLI::Option* option : verb.get_options()) {
    const std::string name = option->get_name();
    for (const std::string& value : option->results()) {
      if (option->get_expected_max() > 0) {
        text += fmt::format(" {} {}", name, quoted(value));
      } else {
        text += value == "false" ? fmt::format(" --no-{}", name.substr(2)) : " " + name;
      }
    }
  }
  return text;
}

/// Throws Error(kInvalidArgument) if a flag was given that would change nothing.
void refuse_idle_flags(const CLI::App& verb, const TrainRecipe& recipe, const Options& options) {
  struct Flag {
    const char* name;
    bool works;
    const char* needs;
  };
  const bool by_quotas = recipe_named(recipe.pairs).sampling == PairSampling::kQuotas;
  const bool replays = !recipe.replay.empty() && !options.kb.empty();
  const bool from_kb = options.pairs.empty() || replays;
  const bool mines = recipe.mining.every > 0;
  const Flag flags[] = {
      {"--language", from_kb, "pairs of a knowledge base, not --pairs"},
      {"--source", from_kb, "pairs of a knowledge base, not --pairs"},
      {"--synonyms", from_kb && by_quotas, "pairs of a knowledge base by the recipe enlace"},
      {"--ancestors", from_kb && by_quotas && recipe.hops.value_or(1) > 0,
       "pairs of a knowledge base by the recipe enlace, and --hops"},
      {"--hops", from_kb && by_quotas, "pairs of a knowledge base by the recipe enlace"},
      {"--replay", replays, "--kb"},
      {"--replay-share", replays && recipe.temperature, "--replay and --temperature"},
      {"--mask-hops", recipe.masks && !options.kb.empty(), "--kb and the recipe enlace"},
      {"--mine-every", recipe.temperature.has_value(), "--temperature"},
      {"--mine-pool", mines, "--mine-every"},
      {"--mine-neighbours", mines, "--mine-every"},
      {"--mine-group", mines, "--mine-every"},
      {"--infonce-temperature", recipe.objective == Objective::kInfoNce, "--objective infonce"},
      {"--blend", !options.random, "weights to begin from, not --random"},
  };
  for (const Flag& flag : flags) {
    if (flag.works || verb.get_option(flag.name)->count() == 0) continue;
    throw Error(ErrorKind::kInvalidArgument, "{}: expected {}", flag.name, flag.needs);
  }
}

void run(const CLI::App& verb, const Options& options) {
  if (options.kb.empty() && options.pairs.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "train: expected --kb or --pairs");
  }
  if (!options.mentions.empty() && options.kb.empty()) {
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
  Data data;
  read_data(options, recipe, progress, data);
  const TrainRun run{options.init, options.random, options.precision, options.recompute,
                     workers_of(options.threads)};
  run_training(data.data, recipe, run, options.session, progress);
}

void add_data_flags(CLI::App& verb, Options& options) {
  const char* group = "What it is trained on";
  verb.add_option("--kb", options.kb, "A knowledge base, whose names make the pairs")->group(group);
  verb.add_option("--pairs", options.pairs, "A file of pairs, id||name||name, instead")
      ->group(group);
  verb.add_option("--mentions", options.mentions,
                  "TSV of annotated mentions, mention and code: pairs with the concepts' names")
      ->group(group);
  verb.add_option("--language", options.languages,
                  "Names in this language, instead of the recipe's; repeatable; any for all")
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option("--source", options.sources, "Names from this source; repeatable")
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option("--synonyms", options.synonyms,
                  "Pairs a concept among its own names, of the recipe enlace")
      ->check(within(0U, 100'000U))
      ->group(group);
  verb.add_option("--ancestors", options.ancestors,
                  "Pairs a concept and hop with a name of an ancestor, of the recipe enlace")
      ->check(within(0U, 100'000U))
      ->group(group);
}

}  // namespace

void add_train_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("train", "Train a model to find the names of concepts");
  options->precision = current_tier() >= Tier::kAvx512Bf16 ? Precision::kBf16 : Precision::kF32;
  verb->add_option("--recipe", options->recipe, std::string(kTrainRecipeNames))->required();
  verb->add_option("--init", options->init, "The model folder to begin from")->required();
  verb->add_option("--out", options->session.out, "The model folder to make")->required();
  add_data_flags(*verb, *options);
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
