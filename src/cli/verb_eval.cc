#include <algorithm>
#include <memory>

#include <fmt/core.h>
#include <sys/resource.h>

#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "eval/run_eval.h"
#include "io/publish.h"

namespace enlace::cli {
namespace {

struct Options {
  LinkerFlags linker;
  std::string gold, train, json;
  std::vector<std::size_t> at{1, 5, 25};
};

std::vector<GoldMention> read_rows(const std::string& path) {
  ReadReport report;
  auto rows = read_gold(path, report);
  for (const std::string& complaint : report.complaints) complain(complaint + "\n");
  if (report.bad > 0) complain(fmt::format("{}: {} refused\n", path, counted(report.bad, "row")));
  return rows;
}

/// The most memory this process has had, in MB.
double peak_memory_mb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

void print(const EvalResult& result, double open_seconds) {
  fmt::print("{:<8} {:>8} {:>10}", "subset", "mentions", "gold in kb");
  for (const auto& [k, accuracy] : result.subsets.front().accuracy) {
    fmt::print("  {:<22}", fmt::format("accuracy at {}", k));
  }
  fmt::print("\n");
  for (const SubsetResult& subset : result.subsets) {
    fmt::print("{:<8} {:>8}", subset.name, subset.mentions);
    if (subset.mentions == 0) {
      fmt::print(" {:>10}\n", "none");
      continue;
    }
    fmt::print(" {:>10.4f}", subset.gold_in_kb);
    for (const auto& [k, accuracy] : subset.accuracy) {
      fmt::print("  {:.4f} [{:.4f}, {:.4f}]", accuracy.value, accuracy.low, accuracy.high);
    }
    fmt::print("\n");
  }
  if (!result.thesaurus.empty()) fmt::print("thesaurus: {}\n", result.thesaurus);
  fmt::print("{}: {} in {:.2f} s, {:.0f} a second; opened in {:.1f} ms; {:.0f} MB at most\n",
             result.retriever, counted(result.subsets.front().mentions, "mention"), result.seconds,
             result.mentions_per_second, open_seconds * 1e3, peak_memory_mb());
}

void run(const Options& options) {
  const auto gold = read_rows(options.gold);
  const auto train = options.train.empty() ? std::vector<GoldMention>() : read_rows(options.train);
  const std::size_t k = *std::max_element(options.at.begin(), options.at.end());
  const Stopwatch opening;
  const Linker linker = open_linker(options.linker, k);
  const double open_seconds = opening.seconds();
  EvalResult result;
  {
    TerminalProgress terminal;
    result = run_eval(linker, gold, {options.at, train}, terminal.progress());
  }
  print(result, open_seconds);
  if (options.json.empty()) return;
  const std::string text = to_json(result) + "\n";
  publish_file(options.json, std::as_bytes(std::span(text)));
}

}  // namespace

void add_eval_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("eval", "Measure accuracy on a gold standard");
  add_linker_flags(*verb, options->linker);
  verb->add_option("--gold", options->gold, "TSV: mention, codes joined by |")->required();
  verb->add_option("--train", options->train,
                   "TSV of training mentions: also report the subsets clean, um and uc");
  verb->add_option("--at", options->at, "Accuracy at which k, joined by commas")
      ->delimiter(',')
      ->capture_default_str()
      ->check(within(1, 10000));
  verb->add_option("--json", options->json, "Also write the result to this file as JSON");
  verb->callback([options] { run(*options); });
}

}  // namespace enlace::cli
