#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "link/folded_kb.h"
#include "link/kb_folder.h"
#include "pairs/pair_file.h"

namespace enlace::cli {
namespace {

/// What the command line says, to be put over the recipe's own values.
struct Options {
  std::string kb;
  std::string recipe;
  PairFiles files;
  NameFilter names;
  bool trade_names = false;
  std::string letter_case, tags;
  std::uint32_t cap = 0, synonyms = 0, ancestors = 0, hops = 0, max_names = 0;
  std::vector<std::uint32_t> weights;
  double cross_lingual = 0;
  std::uint64_t seed = 0;
  std::size_t threads = 0;
};

/// Options of which some belong to one sampling only.
struct Flags {
  CLI::App* verb;

  bool given(const char* flag) const { return verb->count(flag) > 0; }

  void refuse(std::initializer_list<const char*> flags, const std::string& recipe) const {
    for (const char* flag : flags) {
      if (!given(flag)) continue;
      throw Error(ErrorKind::kInvalidArgument, "{}: does not go with the recipe {}", flag, recipe);
    }
  }
};

PairRecipe recipe_of(const Options& options, const Flags& flags) {
  PairRecipe recipe = recipe_named(options.recipe);
  if (recipe.sampling == PairSampling::kMixed) {
    flags.refuse(
        {"--synonyms", "--ancestors", "--hops", "--weights", "--cross-lingual", "--max-names"},
        options.recipe);
  } else {
    flags.refuse({"--cap"}, options.recipe);
  }
  if (flags.given("--language")) {
    recipe.names.languages = options.names.languages;
    if (recipe.names.languages == std::vector<std::string>{"any"}) recipe.names.languages.clear();
  }
  if (flags.given("--source")) recipe.names.sources = options.names.sources;
  recipe.names.types = options.names.types;
  recipe.names.subtrees = options.names.subtrees;
  if (options.trade_names) recipe.trade_names = true;
  if (flags.given("--case")) recipe.lower_case = options.letter_case == "lower";
  if (flags.given("--tags")) recipe.strip_tags = options.tags == "strip";
  if (flags.given("--cap")) recipe.cap = options.cap;
  if (flags.given("--synonyms")) recipe.synonym_pairs = options.synonyms;
  if (flags.given("--ancestors")) recipe.ancestor_pairs = options.ancestors;
  if (flags.given("--hops")) recipe.hops = options.hops;
  if (flags.given("--max-names")) recipe.max_names = options.max_names;
  if (flags.given("--cross-lingual")) recipe.cross_lingual = options.cross_lingual;
  if (flags.given("--weights")) {
    recipe.parent_weight = options.weights[0];
    recipe.grandparent_weight = options.weights[1];
  }
  return recipe;
}

void report(const PairTally& tally, double seconds) {
  std::string text = fmt::format("{} of {}", counted(tally.names.taken, "name"),
                                 counted(tally.named_concepts, "concept"));
  const auto left_out = [&](std::uint64_t count, std::string_view noun, std::string_view why) {
    if (count > 0) text += fmt::format("; left out: {} {}", counted(count, noun), why);
  };
  left_out(tally.names.not_writable, "name", "with ||, a tab or a line end");
  left_out(tally.names.other_scope, "name", "narrower or broader than the concept");
  left_out(tally.names.empty, "name", "without a letter");
  left_out(tally.bad_codes, "concept", "with ||, a tab or a line end in the code");
  text += fmt::format("\n{} of {}:", counted(tally.pair_count(), "pair"),
                      counted(tally.concepts, "concept"));
  for (std::size_t i = 0; i < kPairRelationCount; ++i) {
    text += fmt::format("{} {} {}", i == 0 ? "" : ",", to_string(PairRelation(i)), tally.pairs[i]);
  }
  complain(fmt::format("{}; {:.2f} s, {:.0f} pairs/s\n", text, seconds,
                       double(tally.pair_count()) / std::max(seconds, 1e-9)));
}

void run(const Options& options, const Flags& flags) {
  const PairRecipe recipe = recipe_of(options, flags);
  const KbFolder folder = open_kb_folder(options.kb);
  const PairRun pair_run = {.seed = options.seed, .workers = workers_of(options.threads)};
  const Stopwatch watch;
  PairTally tally;
  {
    TerminalProgress terminal;
    const FoldedKb folded(folder, options.files.pairs, terminal.progress());
    tally = write_pairs(folded.kb(), recipe, pair_run, options.files, terminal.progress());
  }
  report(tally, watch.seconds());
}

void add_name_flags(CLI::App& verb, Options& options) {
  const auto add = [&](const char* flag, std::vector<std::string>& values, const char* what) {
    verb.add_option(flag, values, what)->group("Which names")->allow_extra_args(false);
  };
  add("--language", options.names.languages,
      "Names in this language, instead of the recipe's; repeatable; any for all");
  add("--source", options.names.sources, "Names from this source; repeatable");
  add("--type", options.names.types, "Concepts of this semantic type; repeatable");
  add("--below", options.names.subtrees,
      "The concept with this code and what is below it; repeatable");
  verb.add_flag("--trade-names", options.trade_names,
                "Names of the term type TRADENAME too, in any language, as the clinlinker recipes "
                "and all "
                "take them anyway")
      ->group("Which names");
  verb.add_option("--case", options.letter_case, "lower (the default) or keep")
      ->check(CLI::IsMember({"lower", "keep"}))
      ->group("Which names");
  verb.add_option("--tags", options.tags,
                  "strip or keep \"(disorder)\" at the end of SNOMED CT names; enlace strips")
      ->check(CLI::IsMember({"strip", "keep"}))
      ->group("Which names");
}

void add_amount_flags(CLI::App& verb, Options& options) {
  constexpr std::uint32_t kMost = 100'000;
  const char* group = "How many pairs of the recipe enlace";
  verb.add_option("--cap", options.cap, "Pairs a concept, of the other recipes")
      ->check(within(1U, kMost));
  verb.add_option("--synonyms", options.synonyms, "Pairs a concept among its own names; default 15")
      ->check(within(0U, kMost))
      ->group(group);
  verb.add_option("--ancestors", options.ancestors,
                  "Pairs a concept and hop with a name of an ancestor; default 5")
      ->check(within(0U, kMost))
      ->group(group);
  verb.add_option("--hops", options.hops, "0, 1 for parents, 2 (the default) for grandparents too")
      ->check(within(0U, 2U))
      ->group(group);
  verb.add_option("--weights", options.weights, "Shares of parents and grandparents; default 2 1")
      ->expected(2)
      ->check(within(0U, 1000U))
      ->group(group);
  verb.add_option("--cross-lingual", options.cross_lingual,
                  "Probability that the names of a pair have different languages; default: as it "
                  "falls out")
      ->check(within(0.0, 1.0))
      ->group(group);
  verb.add_option("--max-names", options.max_names,
                  "Names of a concept that take part; 0 for all; default 50")
      ->check(within(0U, kMost))
      ->group(group);
}

}  // namespace

void add_pairs_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("pairs", "Write pairs of names of one concept, to train an encoder with");
  verb->add_option("kb", options->kb, "Knowledge base folder")->required();
  verb->add_option("--recipe", options->recipe, fmt::format("{}", kRecipeNames))->required();
  verb->add_option("--out", options->files.pairs, "File to make: lines of code||name||name")
      ->required();
  verb->add_option(
      "--side", options->files.side,
      "File to make beside it: relation (syn, par, gpa, anc), languages of both names");
  verb->add_option("--seed", options->seed, "Of the random choice")
      ->capture_default_str()
      ->check(within(0, kAnyNumber));
  add_threads_flag(*verb, options->threads);
  add_name_flags(*verb, *options);
  add_amount_flags(*verb, *options);
  verb->callback([options, verb] { run(*options, Flags{verb}); });
}

}  // namespace enlace::cli
