#include <cmath>
#include <fstream>
#include <memory>
#include <optional>

#include <fmt/core.h>

#include "base/shown.h"
#include "cli/dev_sets.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "io/json_writer.h"
#include "link/folded_kb.h"
#include "link/kb_folder.h"
#include "math/tier.h"
#include "train/train_data.h"
#include "train/trainer.h"

namespace enlace::cli {
namespace {

constexpr std::size_t kReportSteps = 10;  // that a loss on the terminal is the mean of

struct Options {
  std::string kb, pairs, mentions, recipe;
  std::string init, out, log;
  std::vector<std::string> languages, sources, dev_sets;
  std::optional<std::uint32_t> synonyms, ancestors;  // of recipes by quotas
  std::string objective, schedule, pooling, prefix;
  std::size_t max_tokens = 0;
  double dropout = 0, temperature = 0;
  TrainRecipe values;  // of the flags that are given
  bool fold_case = false;
  float concept_share = 0;
  bool random = false, restart = false, recompute = false;
  Precision precision = Precision::kF32;
  double save_minutes = 10;
  std::uint64_t eval_every = 0;
  std::size_t threads = 0;
};

/// The recipe with what the command line says instead.
TrainRecipe recipe_of(const Options& options, const CLI::App& verb) {
  TrainRecipe recipe = train_recipe_named(options.recipe);
  const TrainRecipe& given = options.values;
  const auto over = [&](const char* flag, auto& to, const auto& value) {
    if (verb.count(flag) > 0) to = value;
  };
  over("--batch", recipe.batch, given.batch);
  over("--accumulate", recipe.accumulate, given.accumulate);
  over("--epochs", recipe.epochs, given.epochs);
  over("--steps", recipe.steps, given.steps);
  over("--rate", recipe.rate, given.rate);
  over("--warm-up", recipe.warm_up, given.warm_up);
  over("--weight-decay", recipe.weight_decay, given.weight_decay);
  over("--clip", recipe.clip, given.clip);
  over("--dropout", recipe.dropout, float(options.dropout));
  over("--hops", recipe.hops, given.hops);
  over("--temperature", recipe.temperature, options.temperature);
  over("--replay", recipe.replay, given.replay);
  over("--replay-share", recipe.replay_share, given.replay_share);
  over("--mask-hops", recipe.mask_hops, given.mask_hops);
  over("--mine-every", recipe.mining.every, given.mining.every);
  over("--mine-pool", recipe.mining.pool, given.mining.pool);
  over("--mine-neighbours", recipe.mining.neighbours, given.mining.neighbours);
  over("--mine-group", recipe.mining.group, given.mining.group);
  over("--vary", recipe.vary, given.vary);
  over("--seed", recipe.seed, given.seed);
  over("--max-tokens", recipe.max_tokens, options.max_tokens);
  over("--prefix", recipe.prefix, options.prefix);
  over("--fold-case", recipe.fold_case, options.fold_case);
  over("--concept-share", recipe.concept_share, options.concept_share);
  over("--blend", recipe.blend, given.blend);
  over("--freeze-tokens", recipe.freeze_tokens, given.freeze_tokens);
  over("--schedule", recipe.schedule,
       options.schedule == "linear" ? Schedule::kLinear : Schedule::kConstant);
  over("--pooling", recipe.pooling, options.pooling == "cls" ? Pooling::kCls : Pooling::kMean);
  over("--objective", recipe.objective,
       options.objective == "infonce" ? Objective::kInfoNce : Objective::kMultiSimilarity);
  return recipe;
}

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
    to.folded.emplace(*to.folder, options.out, progress);
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

/// Tells what goes on: on the terminal, and in a file of a line a step.
class Reporter {
 public:
  Reporter(const std::string& log, bool append, std::size_t pairs_a_step)
      : pairs_a_step_(pairs_a_step) {
    if (log.empty()) return;
    log_.open(log, append ? std::ios::app : std::ios::trunc);
    if (!log_) throw Error(ErrorKind::kIo, "{}: cannot be written", log);
  }

  void tell(const StepReport& report) {
    ++steps_;
    mean_ += (report.loss - mean_) / double(std::min(steps_, kReportSteps));
    if (!log_.is_open()) return;
    JsonWriter json;
    json.object()
        .member("step", report.step)
        .member("loss", report.loss)
        .member("gradient_norm", report.gradient_norm)
        .member("rate", report.rate)
        .member("positives", report.positives)
        .member("negatives", report.negatives)
        .member("tokens", std::uint64_t{report.tokens})
        .member("seconds", watch_.seconds())
        .close();
    log_ << json.text() << std::endl;
  }

  std::string stage() const {
    if (steps_ == 0) return "training";
    return fmt::format("training, loss {:.4f}, {:.0f} pairs/s", mean_, pairs_per_second());
  }
  double pairs_per_second() const {
    return double(steps_ * pairs_a_step_) / std::max(watch_.seconds(), 1e-9);
  }
  double loss() const noexcept { return mean_; }
  std::size_t steps() const noexcept { return steps_; }

 private:
  std::ofstream log_;
  Stopwatch watch_;
  std::size_t steps_ = 0;
  std::size_t pairs_a_step_;
  double mean_ = 0;
};

std::string command_of(const CLI::App& verb) {
  std::string text = "enlace train";
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& value : option->results()) {
      const bool flag = option->get_expected_max() == 0;
      text += fmt::format(" {}{}", option->get_name(),
                          flag ? "" : fmt::format(" {}", value.empty() ? "''" : value));
    }
  }
  return text;
}

/// A run, what it is saved to and when.
class Training {
 public:
  Training(const Options& options, const CLI::App& verb, const TrainData& data,
           const TrainRecipe& recipe, const TrainRun& run)
      : options_(options),
        command_(command_of(verb)),
        state_(std::filesystem::path(options.out).lexically_normal().string() + ".training"),
        workers_(run.workers),
        trainer_(data, recipe, run),
        resumed_(resume()),
        reporter_(options.log, resumed_, recipe.batch * recipe.accumulate) {}

  void run(const Progress& progress) {
    Stopwatch since_saved;
    try {
      while (trainer_.step() < trainer_.step_count()) {
        progress.tell(reporter_.stage(), trainer_.step(), trainer_.step_count());
        reporter_.tell(trainer_.train(progress));
        saved_ = false;
        if (since_saved.seconds() > options_.save_minutes * 60) {
          save();
          since_saved = {};
        }
        if (options_.eval_every > 0 && trainer_.step() % options_.eval_every == 0 &&
            trainer_.step() < trainer_.step_count()) {
          evaluate(progress);
        }
      }
    } catch (const Error& error) {
      throw Error(error.kind(), "{}; {}", error.what(), what_is_kept(error.kind()));
    }
    finish(progress);
  }

 private:
  bool resume() {
    if (!std::filesystem::exists(state_)) return false;
    if (options_.restart) return false;
    trainer_.resume(state_);
    complain(fmt::format("{}: goes on after step {} of {}; --restart begins anew\n",
                         state_.string(), trainer_.step(), trainer_.step_count()));
    return true;
  }

  void save() {
    trainer_.save(state_);
    saved_ = true;
  }

  /// Saves what an interrupted run has done; after a loss that is not finite there is nothing good.
  std::string what_is_kept(ErrorKind kind) {
    if (kind == ErrorKind::kCancelled && !saved_ && trainer_.step() > 0) save();
    if (!std::filesystem::exists(state_)) return "nothing was saved yet";
    return fmt::format("the same command goes on from {}, at step {}", state_.string(),
                       kind == ErrorKind::kCancelled ? fmt::format("{}", trainer_.step())
                                                     : std::string("it was saved at last"));
  }

  void evaluate(const Progress& progress) {
    if (options_.dev_sets.empty()) return;
    const std::filesystem::path model = state_.string() + ".model";
    trainer_.write_model(model, command_);
    complain(fmt::format("step {}: ", trainer_.step()));
    report_accuracy(model, options_.dev_sets, state_.string() + ".kb", workers_, progress);
    std::filesystem::remove_all(model);
  }

  void finish(const Progress& progress) {
    const double rate = reporter_.pairs_per_second();
    trainer_.write_model(options_.out, command_);
    evaluate(progress);
    std::filesystem::remove(state_);
    complain(fmt::format("{}: {}, loss {:.4f} at the end; {} here at {:.1f} pairs/s; {} {}\n",
                         options_.out, counted(trainer_.step(), "step"), reporter_.loss(),
                         counted(reporter_.steps(), "step"), rate, name_of(current_tier()),
                         name_of(options_.precision)));
  }

  const Options& options_;
  std::string command_;
  std::filesystem::path state_;
  std::size_t workers_;
  Trainer trainer_;
  bool resumed_;
  Reporter reporter_;
  bool saved_ = true;
};

void run(const Options& options, const CLI::App& verb) {
  if (options.kb.empty() && options.pairs.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "train: expected --kb or --pairs");
  }
  if (!options.mentions.empty() && options.kb.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "--mentions: expected --kb, which has their concepts");
  }
  if (options.precision == Precision::kInt8) {
    throw Error(ErrorKind::kInvalidArgument, "--precision: expected f32 or bf16, found int8");
  }
  const TrainRecipe recipe = recipe_of(options, verb);
  TerminalProgress terminal;
  const Progress progress = terminal.progress();
  Data data;
  read_data(options, recipe, progress, data);
  const TrainRun run{options.init, options.random, options.precision, options.recompute,
                     workers_of(options.threads)};
  Training(options, verb, data.data, recipe, run).run(progress);
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
      ->check(CLI::Range(0U, 100'000U))
      ->group(group);
  verb.add_option("--ancestors", options.ancestors,
                  "Pairs a concept and hop with a name of an ancestor, of the recipe enlace")
      ->check(CLI::Range(0U, 100'000U))
      ->group(group);
  verb.add_option("--hops", options.values.hops,
                  "Of the recipe enlace: 0, 1 for parents, 2 for grandparents too")
      ->check(CLI::Range(0U, 2U))
      ->group(group);
}

void add_recipe_flags(CLI::App& verb, Options& options) {
  const char* group = "Instead of what the recipe says";
  TrainRecipe& r = options.values;
  const auto add = [&](const char* flag, auto& value, const char* what) {
    return verb.add_option(flag, value, what)->group(group);
  };
  add("--batch", r.batch, "Pairs a batch")->check(CLI::Range(2, 1 << 16));
  add("--accumulate", r.accumulate, "Batches a step")->check(CLI::Range(1, 1 << 16));
  add("--epochs", r.epochs, "Times that as many pairs as there are are taken")
      ->check(CLI::Range(1e-6, 1e6));
  add("--steps", r.steps, "Steps, instead of epochs")->check(CLI::Range(1U, 1U << 30));
  add("--rate", r.rate, "Learning rate, at its highest")->check(CLI::Range(1e-12, 1.0));
  add("--warm-up", r.warm_up, "Steps up to that rate");
  add("--schedule", options.schedule, "constant or linear")
      ->check(CLI::IsMember({"constant", "linear"}));
  add("--weight-decay", r.weight_decay, "Of AdamW")->check(CLI::Range(0.0, 1.0));
  add("--clip", r.clip, "The greatest norm of gradients; 0: any")->check(CLI::NonNegativeNumber);
  add("--dropout", options.dropout, "Rate; by default that of config.json")
      ->check(CLI::Range(0.0, 0.9));
  add("--objective", options.objective, "multi-similarity or infonce")
      ->check(CLI::IsMember({"multi-similarity", "infonce"}));
  add("--temperature", options.temperature,
      "Pairs of two languages are drawn by their number to this power")
      ->check(CLI::Range(0.0, 1.0));
  add("--replay", r.replay, "A second recipe of pairs, against forgetting");
  add("--replay-share", r.replay_share, "Its share of the pairs")->check(CLI::Range(0.0, 0.99));
  add("--mask-hops", r.mask_hops, "Ancestors up to so many hops are no negatives")
      ->check(CLI::Range(0, 10));
  add("--mine-every", r.mining.every, "Steps between two searches of hard negatives; 0: none");
  add("--mine-pool", r.mining.pool, "Concepts that take part")->check(CLI::Range(2U, 1U << 24));
  add("--mine-neighbours", r.mining.neighbours, "Of a concept, of which batches take some")
      ->check(CLI::Range(1, 1000));
  add("--mine-group", r.mining.group, "Pairs of a batch that are of neighbours")
      ->check(CLI::Range(1, 1000));
  add("--vary", r.vary,
      "Share of texts that are varied as people write them: lower or upper case, no accents")
      ->check(CLI::Range(0.0, 1.0));
  add("--seed", r.seed, "Of everything that is drawn");
  add("--pooling", options.pooling, "mean or cls")->check(CLI::IsMember({"mean", "cls"}));
  add("--max-tokens", options.max_tokens, "Tokens of a text")->check(CLI::Range(3, 512));
  add("--prefix", options.prefix, "Put before every text");
  verb.add_flag("--fold-case,!--no-fold-case", options.fold_case,
                "Use: embed names in lower case, mentions as they stand and in lower case")
      ->group(group);
  add("--concept-share", options.concept_share,
      "Use: how much all names of a concept together count in its score, beside the best one")
      ->check(CLI::Range(0.0, 1.0));
  add("--blend", r.blend, "Written: initial weights + this x (trained - initial)")
      ->check(CLI::Range(0.0, 1.0));
  verb.add_flag("--freeze-tokens,!--no-freeze-tokens", r.freeze_tokens,
                "Leave token embeddings as they are")
      ->group(group);
}

}  // namespace

void add_train_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("train", "Train a model to find the names of concepts");
  options->precision = current_tier() >= Tier::kAvx512Bf16 ? Precision::kBf16 : Precision::kF32;
  verb->add_option("--recipe", options->recipe, std::string(kTrainRecipeNames))->required();
  verb->add_option("--init", options->init, "The model folder to begin from")->required();
  verb->add_option("--out", options->out, "The model folder to make")->required();
  add_data_flags(*verb, *options);
  add_recipe_flags(*verb, *options);
  verb->add_flag("--random", options->random,
                 "Begin from random weights: of --init only config and tokenizer are read");
  verb->add_flag("--restart", options->restart, "Begin anew where an interrupted run could go on");
  verb->add_flag("--recompute", options->recompute,
                 "Less memory for a third more time: inner states are computed again");
  add_precision_flag(*verb, options->precision);
  verb->add_option("--save-every", options->save_minutes, "Minutes between saves")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1e6));
  verb->add_option("--eval", options->dev_sets,
                   "A folder with kb.tsv and gold.tsv: accuracy while training; repeatable")
      ->allow_extra_args(false);
  verb->add_option("--eval-every", options->eval_every,
                   "Steps between two evaluations; 0: the end");
  verb->add_option("--log", options->log, "A line of JSON a step is written here");
  verb->add_option("--threads", options->threads, "Worker threads; 0: one per core");
  verb->callback([options, verb] { run(*options, *verb); });
}

}  // namespace enlace::cli
