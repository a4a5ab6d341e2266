#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/error.h"
#include "cli/kept_texts.h"
#include "cli/model_verbs.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "encode/prune_model.h"

namespace enlace::cli {
namespace {

struct Options {
  std::string model, out;
  std::vector<std::string> keep, scripts;
  PruneOptions prune;
  std::size_t threads = 0;
};

ScriptSet scripts_named(const std::vector<std::string>& names) {
  ScriptSet scripts;
  for (const std::string& name : names) {
    const auto script = script_named(name);
    if (!script) {
      std::string known;
      for (std::size_t i = 1; i < kScriptCount; ++i) {
        known += (i == 1 ? "" : ", ") + std::string(name_of(Script(i)));
      }
      throw Error(ErrorKind::kInvalidArgument, "--scripts: expected some of {}", known);
    }
    scripts.set(std::size_t(*script));
  }
  return scripts;
}

void report(const PruneReport& report, double seconds) {
  std::string scripts;
  for (std::size_t i = 1; i < kScriptCount; ++i) {
    if (!report.scripts.test(i)) continue;
    scripts += (scripts.empty() ? "" : ", ") + std::string(name_of(Script(i)));
  }
  complain(
      fmt::format("{} of {} stay: {} that {} use, and the characters of {}\n"
                  "{} of {} are split as before and keep their vectors; {:.1f} s\n",
                  counted(report.entries_after, "token"), report.entries_before, report.used,
                  counted(report.texts, "text"), scripts.empty() ? "every script" : scripts,
                  counted(report.split_as_before, "text"), report.texts, seconds));
}

void run(const Options& options) {
  require_new_path(options.out);
  PruneOptions prune = options.prune;
  prune.scripts = scripts_named(options.scripts);
  prune.workers = workers_of(options.threads);
  const Stopwatch watch;
  KeptTexts kept;
  for (const std::string& path : options.keep) kept.add(path);
  PruneReport result;
  {
    TerminalProgress terminal;
    result = prune_model(options.model, kept.texts(), prune, options.out, terminal.progress());
  }
  report(result, watch.seconds());
}

}  // namespace

void add_model_prune(CLI::App& group) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "prune", "Write a model with the vocabulary that some texts and their scripts need");
  verb->add_option("model", options->model, "Model folder")->required();
  verb->add_option(
          "--keep", options->keep,
          "Keep what these use: a knowledge base, or a file with a text a line; repeatable")
      ->required()
      ->allow_extra_args(false);
  verb->add_option("--out", options->out, "Folder to write")->required();
  verb->add_option("--scripts", options->scripts,
                   "Keep the characters of these, such as latin,greek, not those of the texts")
      ->delimiter(',');
  verb->add_option("--min-count", options->prune.min_count,
                   "Keep tokens that are used at least so often (1)")
      ->check(within(1, kAnyNumber));
  verb->add_option("--at-least", options->prune.at_least,
                   "Fill up to so many tokens with the most frequent ones of the scripts")
      ->check(within(0, kAnyNumber));
  add_threads_flag(*verb, options->threads);
  verb->callback([options] { run(*options); });
}

}  // namespace enlace::cli
