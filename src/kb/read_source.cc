#include "kb/read_source.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "kb/readers.h"
#include "kb/source_lines.h"

namespace enlace {
namespace {

struct Reader {
  std::string_view kind;
  std::string_view options;  // between blanks
  void (*read)(const SourceSpec&, KbDraft&, SourceReport&, const Progress&);
};

/// What any source may be told: see SourceDefaults.
constexpr std::string_view kCommonOptions[] = {"licence", "prefix"};

constexpr Reader kReaders[] = {
    {"babelon", "lang source status type", read_babelon},
    {"jsonl", "lang source type", read_jsonl},
    {"obo", "lang scopes source type", read_obo},
    {"tryton", "lang source status", read_tryton},
    {"tsv", "lang source type", read_tsv},
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
  allowed.insert(allowed.end(), std::begin(kCommonOptions), std::end(kCommonOptions));
  for (const auto& [key, value] : spec.options) {
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      throw Error(ErrorKind::kInvalidArgument,
                  "source {}: expected an option of {} licence prefix, found {}", spec.kind,
                  reader.options, key);
    }
  }
  SourceReport report;
  report.kind = spec.kind;
  report.path = spec.path.string();
  draft.begin_source({std::string(spec.option("licence")), std::string(spec.option("prefix"))});
  reader.read(spec, draft, report, progress);
  require_names(report);
  return report;
}

std::vector<SourceReport> read_sources(std::span<const SourceSpec> specs, KbDraft& draft,
                                       const Progress& progress) {
  std::vector<SourceReport> reports;
  for (const SourceSpec& spec : specs) reports.push_back(read_source(spec, draft, progress));
  draft.settle(reports);
  return reports;
}

}  // namespace enlace
