#include <memory>

#include <fmt/core.h>

#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "link/update.h"

namespace enlace::cli {
namespace {

constexpr std::size_t kShownUnknown = 20;

/// A source as `update --add` takes it: a path alone is a TSV file.
std::string source_of(const std::string& given) {
  return given.find('=') == std::string::npos ? "tsv=" + given : given;
}

void print_report(const std::string& title, const SourceReport& report) {
  fmt::print("{}\n", title);
  for (const std::string& line : describe(report)) fmt::print("  {}\n", line);
}

void run_update(UpdateOptions options, std::size_t threads) {
  options.engine = ENLACE_VERSION;
  options.workers = workers_of(threads);
  for (std::string& source : options.sources) source = source_of(source);
  const Stopwatch watch;
  UpdateReport report;
  {
    TerminalProgress terminal;
    report = update_kb_folder(options, terminal.progress());
  }
  for (std::size_t i = 0; i < report.sources.size(); ++i) {
    print_report(options.sources[i], report.sources[i]);
  }
  for (const SourceReport& retirements : report.retirements) {
    fmt::print("{}\n  read {} retirements\n", retirements.path, retirements.rows.rows);
    for (const auto& [reason, count] : retirements.refused) {
      fmt::print("  refused {}: {}\n", count, reason);
    }
    for (const std::string& complaint : retirements.rows.complaints) {
      fmt::print("  {}\n", complaint);
    }
  }
  fmt::print("retired {} and {}\n", counted(report.retired_concepts, "concept"),
             counted(report.retired_names, "name"));
  for (std::size_t i = 0; i < std::min(report.unknown.size(), kShownUnknown); ++i) {
    fmt::print("  not there to be retired: {}\n", report.unknown[i]);
  }
  if (report.unknown.size() > kShownUnknown) {
    fmt::print("  and {} more\n", report.unknown.size() - kShownUnknown);
  }
  fmt::print("{}: {} and {} stand beside the base, of which {} no longer count; {:.2f} s\n",
             options.kb.string(), counted(report.concepts, "concept"),
             counted(report.names, "name"), counted(report.superseded, "concept"), watch.seconds());
}

void run_compact(CompactOptions options, std::size_t threads) {
  options.engine = ENLACE_VERSION;
  options.workers = workers_of(threads);
  const Stopwatch watch;
  BuildReport report;
  {
    TerminalProgress terminal;
    report = compact_kb_folder(options, terminal.progress());
  }
  fmt::print("{}: {}, {}, {}; {:.1f} s\n", options.kb.string(), counted(report.concepts, "concept"),
             counted(report.names, "name"), counted(report.texts, "distinct text"),
             watch.seconds());
}

constexpr const char* kModelHelp =
    "Model folder; default: where the knowledge base was built with it";

}  // namespace

void add_update_verb(CLI::App& app) {
  auto options = std::make_shared<UpdateOptions>();
  auto threads = std::make_shared<std::size_t>(0);
  CLI::App* verb =
      app.add_subcommand("update", "Add to a knowledge base and retire from it, at once");
  verb->add_option("kb", options->kb, "Knowledge base folder")->required();
  verb->add_option("--add", options->sources,
                   "FILE.tsv, or KIND=PATH[,key=value...] as for build; repeatable");
  verb->add_option("--retire", options->retired,
                   "Lines of code, name, language between tabs; a code alone retires the concept; "
                   "repeatable");
  verb->add_option("--model", options->model, kModelHelp);
  add_threads_flag(*verb, *threads);
  verb->callback([options, threads] { run_update(*options, *threads); });
}

void add_compact_verb(CLI::App& app) {
  auto options = std::make_shared<CompactOptions>();
  auto threads = std::make_shared<std::size_t>(0);
  CLI::App* verb = app.add_subcommand("compact", "Make a knowledge base and its updates one again");
  verb->add_option("kb", options->kb, "Knowledge base folder")->required();
  verb->add_option("--model", options->model, kModelHelp);
  add_threads_flag(*verb, *threads);
  verb->callback([options, threads] { run_compact(*options, *threads); });
}

}  // namespace enlace::cli
