#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/error.h"
#include "cli/inspect_machine.h"
#include "cli/tallies.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/visible.h"
#include "kb/export_jsonl.h"
#include "link/folded_kb.h"
#include "link/kb_folder.h"

namespace enlace::cli {
namespace {

void print_overview(const KbFolder& folder) {
  const KnowledgeBase& kb = folder.kb;
  fmt::print("{}: {}, {}, {}; written by enlace {}\n", folder.path.string(),
             counted(kb.concept_count(), "concept"), counted(kb.name_count(), "name"),
             counted(kb.text_count(), "distinct text"), folder.manifest.engine);
  if (folder.changes) {
    const KbChanges& changes = *folder.changes;
    fmt::print("updated since: {} and {} beside it; {} of it no longer count\n",
               counted(changes.added ? changes.added->kb.concept_count() : 0, "concept"),
               counted(changes.added ? changes.added->kb.name_count() : 0, "name"),
               counted(changes.superseded.size(), "concept"));
  }
  if (folder.vectors) {
    const ManifestModel& model = *folder.manifest.model;
    fmt::print("vectors: {} x {} by {} in {}\n", folder.vectors->size(),
               folder.vectors->dimension(), model.path, name_of(model.precision));
  }
  print_tallies("source", kb.sources());
  print_tallies("language", kb.languages());
  print_tallies("licence", kb.licences());
  print_tallies("type", kb.types());
  for (const ManifestSource& source : folder.manifest.sources) {
    fmt::print("\n{}\n", source.spec);
    for (const std::string& line : source.report) fmt::print("  {}\n", line);
  }
  const ManifestMerge& merge = folder.manifest.merge;
  if (!merge.report.empty()) fmt::print("\nmerged\n");
  for (const std::string& line : merge.report) fmt::print("  {}\n", line);
}

/// "R05  Tos"
std::string title_of(const KnowledgeBase& kb, ConceptId concept_id) {
  return fmt::format("{}  {}", visible(kb.code(concept_id)),
                     visible(kb.name(kb.preferred_name(concept_id)).text));
}

void print_relatives(const KnowledgeBase& kb, std::string_view title,
                     std::span<const ConceptId> relatives) {
  if (relatives.empty()) return;
  fmt::print("{}\n", title);
  for (const ConceptId relative : relatives) {
    fmt::print("  {}\n", title_of(kb, relative));
  }
}

void print_concept(const KnowledgeBase& kb, ConceptId concept_id) {
  fmt::print("{}\n", title_of(kb, concept_id));
  for (const std::uint32_t type : kb.types_of(concept_id)) {
    fmt::print("type  {}\n", visible(kb.types().values[type]));
  }
  const std::string_view definition = kb.definition(concept_id);
  if (!definition.empty()) fmt::print("is    {}\n", visible(definition));
  fmt::print("names\n");
  for (const NameId id : kb.names_of(concept_id)) {
    const Name name = kb.name(id);
    fmt::print("  {:<6} {:<10} {:<10} {:<6} {}\n", name.language, to_string(name.scope),
               name.source, name.term_type, visible(name.text));
  }
  print_relatives(kb, "parents", kb.parents_of(concept_id));
  print_relatives(kb, "children", kb.children_of(concept_id));
  if (kb.xrefs_of(concept_id).empty()) return;
  fmt::print("also called\n");
  for (const std::uint32_t xref : kb.xrefs_of(concept_id))
    fmt::print("  {}\n", visible(kb.xref(xref)));
}

struct InspectOptions {
  std::string kb, code;
  std::vector<std::string> licences;
  bool machine = false;
  bool exports = false;
};

/// Lines of JSON on standard output; what was left out on standard error.
void export_kb(const KbFolder& folder, const std::vector<std::string>& licences) {
  TerminalProgress terminal;
  std::filesystem::path scratch;
  if (folder.changes) scratch = std::filesystem::temp_directory_path() / "enlace-export";
  const FoldedKb folded(folder, scratch, terminal.progress());
  const auto write = [](std::string_view line) {
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() ||
        std::putchar('\n') == EOF) {
      throw Error(ErrorKind::kIo, "standard output: cannot be written");
    }
  };
  const ExportCounts counts = export_jsonl(folded.kb(), licences, write, terminal.progress());
  if (std::fflush(stdout) != 0) throw Error(ErrorKind::kIo, "standard output: cannot be written");
  complain(fmt::format("exported {} and {}; left out {} and {} for their licences\n",
                       counted(counts.concepts, "concept"), counted(counts.names, "name"),
                       counted(counts.concepts_left_out, "concept"),
                       counted(counts.names_left_out, "name")));
}

/// The concept with the code, or the one that a former code leads to, which is said.
ConceptPlace concept_with(const KbFolder& folder, const std::string& code) {
  const ChangedKb changed = changed_kb(folder);
  if (const auto place = find_concept(changed, code)) return *place;
  const auto place = resolve_code(changed, code);
  if (!place) {
    throw Error(ErrorKind::kNotFound, "{}: expected a code of it, found {}", folder.path.string(),
                code);
  }
  fmt::print("{} is now\n", code);
  return *place;
}

void run(const InspectOptions& options) {
  if (options.machine) return print_machine();
  const KbFolder folder = open_kb_folder(options.kb);
  if (options.exports) return export_kb(folder, options.licences);
  if (options.code.empty()) return print_overview(folder);
  const ConceptPlace place = concept_with(folder, options.code);
  print_concept(*place.kb, place.concept_id);
}

}  // namespace

void add_inspect_verb(CLI::App& app) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* verb = app.add_subcommand(
      "inspect", "Show what a knowledge base holds, or one concept of it, or what the machine can");
  CLI::Option* folder = verb->add_option("kb", options->kb, "Knowledge base folder");
  CLI::Option* code =
      verb->add_option("code", options->code, "The code of a concept")->needs(folder);
  CLI::Option* exports =
      verb->add_flag("--export", options->exports, "Instead: every concept as a line of JSON")
          ->needs(folder)
          ->excludes(code);
  verb->add_option("--only-licence", options->licences,
                   "Export only names under one of these licences, as CC0,CC-BY")
      ->delimiter(',')
      ->needs(exports);
  verb->add_flag(
          "--machine", options->machine,
          "Instead: the kernels that run here, their measured speed, the precisions preferred")
      ->excludes(folder);
  verb->callback([options] {
    if (options->kb.empty() && !options->machine) throw CLI::RequiredError("kb, or --machine,");
    run(*options);
  });
}

}  // namespace enlace::cli
