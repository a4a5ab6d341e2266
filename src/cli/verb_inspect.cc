#include <algorithm>
#include <memory>

#include <fmt/core.h>

#include "base/parallel.h"
#include "base/utf8.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "link/kb_folder.h"
#include "math/machine_peaks.h"
#include "math/tier.h"
#include "nn/precision.h"

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

/// What the tier's instructions are, for people.
std::string_view instructions_of(Tier tier) {
  switch (tier) {
    case Tier::kScalar: return "no vector instructions";
    case Tier::kAvx2: return "AVX2 and FMA";
    case Tier::kAvx512: return "AVX-512 with VNNI";
    case Tier::kAvx512Bf16: return "AVX-512 with VNNI and BF16";
    case Tier::kAmx: return "AMX tiles of bf16 and int8";
  }
  return "";
}

void print_machine() {
  std::string others;
  for (const Tier tier : kTiers) {
    if (!runs(tier) || tier == current_tier()) continue;
    others += (others.empty() ? "" : ", ") + std::string(name_of(tier));
  }
  const std::size_t workers = machine_workers();
  fmt::print("tier {}: {}; ENLACE_ISA chooses among it, {}\n", name_of(current_tier()),
             instructions_of(current_tier()), others);
  const MachinePeaks one = measure_peaks(1);
  const MachinePeaks all = measure_peaks(workers);
  fmt::print("\n{:<22} {:>12} {:>12} {:>12}\n", "measured just now", "1 thread",
             counted(workers, "thread"), "times f32");
  struct Row {
    Precision precision;
    double MachinePeaks::*rate;
  };
  Row rows[] = {{Precision::kF32, &MachinePeaks::f32},
                {Precision::kBf16, &MachinePeaks::bf16},
                {Precision::kInt8, &MachinePeaks::int8}};
  for (const Row& row : rows) {
    fmt::print("{:<5} products, Gop/s   {:>12.0f} {:>12.0f} {:>12.2f}\n", name_of(row.precision),
               one.*row.rate / 1e9, all.*row.rate / 1e9, all.*row.rate / all.f32);
  }
  fmt::print("{:<22} {:>12.1f} {:>12.1f}\n\n", "memory read, GB/s", one.read / 1e9, all.read / 1e9);
  std::stable_sort(std::begin(rows), std::end(rows),
                   [&](const Row& a, const Row& b) { return all.*a.rate > all.*b.rate; });
  fmt::print(
      "prefers {}, then {}, then {}: by the products measured; build and embed compute in {} "
      "unless --precision says otherwise\n",
      name_of(rows[0].precision), name_of(rows[1].precision), name_of(rows[2].precision),
      name_of(kDefaultPrecision));
}

void run(const std::string& path, const std::string& code, bool machine) {
  if (machine) return print_machine();
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
  auto machine = std::make_shared<bool>(false);
  CLI::App* verb = app.add_subcommand(
      "inspect", "Show what a knowledge base holds, or one concept of it, or what the machine can");
  CLI::Option* folder = verb->add_option("kb", *kb, "Knowledge base folder");
  verb->add_option("code", *code, "The code of a concept")->needs(folder);
  verb->add_flag(
          "--machine", *machine,
          "Instead: the kernels that run here, their measured speed, the precisions preferred")
      ->excludes(folder);
  verb->callback([kb, code, machine] {
    if (kb->empty() && !*machine) throw CLI::RequiredError("kb, or --machine,");
    run(*kb, *code, *machine);
  });
}

}  // namespace enlace::cli
