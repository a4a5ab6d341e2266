#include "sources/read_source.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "sources/readers.h"
#include "sources/rf2_release.h"
#include "sources/source_lines.h"

namespace enlace {
namespace {

struct Reader {
  std::string_view kind;
  std::string_view options;  // between blanks
  void (*read)(const SourceSpec&, KbDraft&, SourceReport&, const Progress&);
  bool gives_names = true;  // a source without one is an error
};

/// What any source of names may be told: see SourceDefaults.
constexpr std::string_view kNameOptions[] = {"licence", "prefix"};

constexpr Reader kReaders[] = {
    {"babelon", "lang source status type", read_babelon},
    {"claml", "lang modifiers source", read_claml},
    {"csv", "columns header lang quotes separator source split type", read_csv},
    {"icd10cm", "dots extensions source", read_icd10cm},
    {"icd10pcs", "source", read_icd10pcs},
    {"jsonl", "lang source type", read_jsonl},
    {"mesh", "lang source type", read_mesh},
    {"obo", "lang scopes source type", read_obo},
    {"obograph", "lang only scopes source type", read_obograph},
    {"rf2", "associations date definitions delta inactive lang maps refsets source view", read_rf2},
    {"rrf", "code definitions hier lang rela retired sab sty suppress tradenames tty", read_rrf},
    {"sparql", "lang licence prefix source type", read_sparql, false},
    {"sssom", "confidence predicates strip", read_sssom, false},
    {"tryton", "lang source status", read_tryton},
    {"tsv", "lang source type", read_tsv},
    {"wikidata", "lang property source type", read_wikidata},
};

const Reader& reader_of(const SourceSpec& spec) {
  std::string kinds;
  for (const Reader& reader : kReaders) {
    if (reader.kind == spec.kind) return reader;
    kinds.append(kinds.empty() ? "" : " ").append(reader.kind);
  }
  throw Error(ErrorKind::kInvalidArgument, "source {}: expected a kind of {}", spec.kind, kinds);
}

}  // namespace

SourceReport read_source(const SourceSpec& spec, KbDraft& draft, const Progress& progress) {
  const Reader& reader = reader_of(spec);
  auto allowed = split_list(reader.options, ' ');
  if (reader.gives_names) {
    allowed.insert(allowed.end(), std::begin(kNameOptions), std::end(kNameOptions));
  }
  for (const auto& [key, value] : spec.options) {
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      throw Error(ErrorKind::kInvalidArgument, "source {}: expected an option of {}, found {}",
                  spec.kind, fmt::join(allowed, " "), key);
    }
  }
  SourceReport report;
  report.kind = spec.kind;
  report.path = spec.path.string();
  draft.begin_source({std::string(spec.option("licence")), std::string(spec.option("prefix"))});
  reader.read(spec, draft, report, progress);
  if (reader.gives_names) require_names(report);
  return report;
}

std::vector<SourceReport> read_sources(std::span<const SourceSpec> specs, KbDraft& draft,
                                       const Progress& progress) {
  require_international_rf2(specs);
  std::vector<SourceReport> reports;
  for (const SourceSpec& spec : specs) reports.push_back(read_source(spec, draft, progress));
  draft.settle(reports);
  return reports;
}

}  // namespace enlace
