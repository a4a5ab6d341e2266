#include "cli/training_data.h"

#include <fmt/core.h>

#include "cli/options.h"
#include "cli/terminal.h"

namespace enlace::cli {
namespace {

PairRecipe pair_recipe(const std::string& name, const TrainRecipe& training,
                       const DataFlags& flags) {
  PairRecipe recipe = recipe_named(name);
  if (training.hops && recipe.sampling == PairSampling::kQuotas) recipe.hops = *training.hops;
  if (!flags.languages.empty()) recipe.names.languages = flags.languages;
  if (recipe.names.languages == std::vector<std::string>{"any"}) recipe.names.languages.clear();
  if (!flags.sources.empty()) recipe.names.sources = flags.sources;
  if (flags.synonyms) recipe.synonym_pairs = *flags.synonyms;
  if (flags.ancestors) recipe.ancestor_pairs = *flags.ancestors;
  return recipe;
}

void read_mentions(const DataFlags& flags, const TrainRecipe& recipe, TrainingData& to) {
  ReadReport report;
  const KnowledgeBase& kb = to.folded->kb();
  const auto mentions = read_gold(flags.mentions, report);
  for (const std::string& complaint : report.complaints) complain(complaint + "\n");
  const std::size_t used = add_mention_pairs(kb, mentions, recipe.seed, to.data.pairs);
  mark_mention_names(kb, mentions, to.data.names);
  complain(fmt::format("{}: {} of {} gave pairs\n", flags.mentions, used,
                       counted(mentions.size(), "mention")));
}

}  // namespace

void add_data_flags(CLI::App& verb, DataFlags& flags) {
  const char* group = "What it is trained on";
  verb.add_option("--kb", flags.kb, "A knowledge base, whose names make the pairs")->group(group);
  verb.add_option("--pairs", flags.pairs, "A file of pairs, id||name||name, instead")->group(group);
  verb.add_option("--mentions", flags.mentions,
                  "TSV of annotated mentions, mention and code: pairs with the concepts' names")
      ->group(group);
  verb.add_option("--language", flags.languages,
                  "Names in this language, instead of the recipe's; repeatable; any for all")
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option("--source", flags.sources, "Names from this source; repeatable")
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option("--synonyms", flags.synonyms,
                  "Pairs a concept among its own names, of the recipe enlace")
      ->check(within(0U, 100'000U))
      ->group(group);
  verb.add_option("--ancestors", flags.ancestors,
                  "Pairs a concept and hop with a name of an ancestor, of the recipe enlace")
      ->check(within(0U, 100'000U))
      ->group(group);
}

void read_training_data(const DataFlags& flags, const TrainRecipe& recipe,
                        const std::filesystem::path& out, std::size_t workers,
                        const Progress& progress, TrainingData& to) {
  PairSet& set = to.data.pairs;
  const auto add_kb = [&](const std::string& name) {
    const KnowledgeBase& kb = to.folded->kb();
    const PairRecipe pairs = pair_recipe(name, recipe, flags);
    add_kb_pairs(kb, pairs, {recipe.seed, workers}, set, progress);
    mark_kb_names(kb, pairs, to.data.names);
  };
  if (!flags.kb.empty()) {
    to.folder = open_kb_folder(flags.kb);
    to.folded.emplace(*to.folder, out, progress);
    to.data.kb = &to.folded->kb();
  }
  if (!flags.pairs.empty()) {
    read_pairs(flags.pairs, set, progress);
  } else {
    add_kb(recipe.pairs);
  }
  if (!flags.mentions.empty()) read_mentions(flags, recipe, to);
  if (replays(recipe) && to.folded) {
    to.data.replay_kind = set.kind_count();
    add_kb(recipe.replay);
  }
  set.finish();
  complain(fmt::format("{} of {}\n", counted(set.size(), "pair"),
                       counted(set.label_count(), "concept")));
}

}  // namespace enlace::cli
