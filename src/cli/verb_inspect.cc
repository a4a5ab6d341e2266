#include <algorithm>
#include <memory>

#include <fmt/core.h>

#include "base/utf8.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "link/kb_folder.h"

namespace enlace::cli {
namespace {

void print_tallies(std::string_view title, const ValueTable& table) {
  std::size_t width = 24;
  for (std::uint32_t i = 0; i < table.values.size(); ++i) {
    width = std::max(width, count_code_points(table.values[i]));
  }
  fmt::print("\n{:<{}} {:>10} {:>10}\n", title, width, "names", "concepts");
  for (std::uint32_t i = 0; i < table.values.size(); ++i) {
    const std::string_view value = table.values[i];
    fmt::print("{:<{}} {:>10} {:>10}\n", value.empty() ? "(none)" : value, width,
               table.tallies[i].names, table.tallies[i].concepts);
  }
}

void print_overview(const KbFolder& folder) {
  const KnowledgeBase& kb = folder.kb;
  fmt::print("{}: {}, {}, {}; written by enlace {}\n", folder.path.string(),
             counted(kb.concept_count(), "concept"), counted(kb.name_count(), "name"),
             counted(kb.text_count(), "distinct text"), folder.manifest.engine);
  if (folder.vectors) {
    const ManifestModel& model = *folder.manifest.model;
    fmt::print("vectors: {} x {} by {} in {}\n", folder.vectors->size(),
               folder.vectors->dimension(), model.path, name_of(model.precision));
  }
  print_tallies("source", kb.sources());
  print_tallies("language", kb.languages());
  print_tallies("type", kb.types());
  for (const ManifestSource& source : folder.manifest.sources) {
    fmt::print("\n{}\n", source.spec);
    for (const std::string& line : source.report) fmt::print("  {}\n", line);
  }
}

void print_relatives(const KnowledgeBase& kb, std::string_view title,
                     std::span<const ConceptId> relatives) {
  if (relatives.empty()) return;
  fmt::print("{}\n", title);
  for (const ConceptId relative : relatives) {
    fmt::print("  {}  {}\n", kb.code(relative), kb.name(kb.preferred_name(relative)).text);
  }
}

void print_concept(const KnowledgeBase& kb, ConceptId concept_id) {
  fmt::print("{}  {}\n", kb.code(concept_id), kb.name(kb.preferred_name(concept_id)).text);
  for (const std::uint32_t type : kb.types_of(concept_id)) {
    fmt::print("type  {}\n", kb.types().values[type]);
  }
  fmt::print("names\n");
  for (const NameId id : kb.names_of(concept_id)) {
    const Name name = kb.name(id);
    fmt::print("  {:<6} {:<10} {:<10} {}\n", name.language, to_string(name.scope), name.source,
               name.text);
  }
  print_relatives(kb, "parents", kb.parents_of(concept_id));
  print_relatives(kb, "children", kb.children_of(concept_id));
  if (kb.xrefs_of(concept_id).empty()) return;
  fmt::print("also called\n");
  for (const std::uint32_t xref : kb.xrefs_of(concept_id)) fmt::print("  {}\n", kb.xref(xref));
}

void run(const std::string& path, const std::string& code) {
  const KbFolder folder = open_kb_folder(path);
  if (code.empty()) return print_overview(folder);
  const auto concept_id = folder.kb.find(code);
  if (!concept_id) {
    throw Error(ErrorKind::kNotFound, "{}: expected a code of it, found {}", path, code);
  }
  print_concept(folder.kb, *concept_id);
}

}  // namespace

void add_inspect_verb(CLI::App& app) {
  auto kb = std::make_shared<std::string>();
  auto code = std::make_shared<std::string>();
  CLI::App* verb =
      app.add_subcommand("inspect", "Show what a knowledge base holds, or one concept of it");
  verb->add_option("kb", *kb, "Knowledge base folder")->required();
  verb->add_option("code", *code, "The code of a concept");
  verb->callback([kb, code] { run(*kb, *code); });
}

}  // namespace enlace::cli
