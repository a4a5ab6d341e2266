#include <memory>

#include <fmt/core.h>

#include "cli/options.h"
#include "cli/shipped.h"
#include "cli/tallies.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "link/build.h"
#include "link/kb_folder.h"

namespace enlace::cli {
namespace {

constexpr const char* kNoModel = "none";

void run(BuildOptions options, std::size_t threads, bool licences) {
  if (options.model.empty()) options.model = default_model();
  if (options.model == kNoModel) {
    if (!options.vectors_from.empty()) {
      throw Error(ErrorKind::kInvalidArgument, "--vectors-from: does not go with --model none");
    }
    options.model.clear();
  }
  options.engine = ENLACE_VERSION;
  options.workers = workers_of(threads);
  const Stopwatch watch;
  BuildReport report;
  {
    TerminalProgress terminal;
    report = build_kb_folder(options, terminal.progress());
  }
  for (std::size_t i = 0; i < report.sources.size(); ++i) {
    fmt::print("{}\n", options.sources[i]);
    for (const std::string& line : describe(report.sources[i])) fmt::print("  {}\n", line);
  }
  for (const std::string& line : describe(report.joined)) fmt::print("{}\n", line);
  fmt::print("{}: {}, {}, {}", options.out.string(), counted(report.concepts, "concept"),
             counted(report.names, "name"), counted(report.texts, "distinct text"));
  if (report.dimension > 0) {
    fmt::print(", vectors of {} dimensions in {}", report.dimension, name_of(options.precision));
  }
  if (report.reused > 0) fmt::print(" ({} taken from an earlier one)", report.reused);
  fmt::print("; {:.1f} s{}\n", watch.seconds(),
             shares_of_time(watch.seconds(), report.embedding, "reading and indexing"));
  std::string stages;
  for (const StageTime& time : report.stages) {
    stages += fmt::format("{}{} {:.1f}", stages.empty() ? "" : ", ", time.stage, time.seconds);
  }
  fmt::print("seconds: {}\n", stages);
  if (licences) {
    const KnowledgeBase kb = KnowledgeBase::open(options.out / kb_files::kConcepts);
    print_tallies("licence", kb.licences());
  }
}

}  // namespace

void add_build_verb(CLI::App& app) {
  auto options = std::make_shared<BuildOptions>();
  auto threads = std::make_shared<std::size_t>(0);
  CLI::App* verb = app.add_subcommand("build", "Make a knowledge base from terminologies");
  verb->add_option("--out", options->out, "Folder to make, or knowledge base to replace")
      ->required();
  verb->add_option("--from", options->sources,
                   "KIND=PATH[,key=value...], repeatable; kinds: rrf, rf2, wikidata, sparql, "
                   "claml, icd10cm, "
                   "icd10pcs, mesh, obo, obograph, babelon, sssom, csv, tsv, jsonl, tryton "
                   "(docs/FORMATS.md)")
      ->required();
  verb->add_option("--merge-xrefs", options->merge_xrefs,
                   "Prefixes of references that join concepts, as UMLS,MESH")
      ->delimiter(',');
  verb->add_option("--model", options->model,
                   "Model folder; default: enlace-mini, which comes with this program; none for no "
                   "vectors");
  add_precision_flag(*verb, options->precision);
  verb->add_option("--vectors-from", options->vectors_from,
                   "Knowledge base whose vectors to take for the names it has too; default: the "
                   "one that is replaced");
  add_threads_flag(*verb, *threads);
  auto licences = std::make_shared<bool>(false);
  verb->add_flag("--licences", *licences, "List the licences of the names at the end");
  verb->callback([options, threads, licences] { run(*options, *threads, *licences); });
}

}  // namespace enlace::cli
