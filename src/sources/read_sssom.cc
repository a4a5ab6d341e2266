#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "base/error.h"
#include "sources/readers.h"
#include "sources/source_lines.h"
#include "sources/table_columns.h"

namespace enlace {
namespace {

std::optional<double> parse_confidence(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = code == std::errc{} && end == text.data() + text.size();
  return whole && value >= 0 && value <= 1 ? std::optional(value) : std::nullopt;
}

class SssomReader {
 public:
  SssomReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress)
      : lines_(spec.path, report, progress),
        draft_(draft),
        report_(report),
        predicates_(split_list(spec.option("predicates", "skos:exactMatch"), ';')),
        prefixes_(split_list(spec.option("strip"), ';')) {
    const auto least = spec.option("confidence", "0");
    const auto value = parse_confidence(least);
    if (!value) {
      throw Error(ErrorKind::kInvalidArgument,
                  "source {}: expected confidence to be a number from 0 to 1", spec.kind);
    }
    least_confidence_ = *value;
  }

  void read() {
    std::string_view line;
    bool found = lines_.next(line);
    while (found && line.starts_with('#')) found = lines_.next(line);  // metadata
    if (!found) {
      throw Error(ErrorKind::kCorrupt, "{}:{}: expected a header, found the end of the file",
                  lines_.name(), lines_.number() + 1);
    }
    const TableColumns columns(split_tabs(line));
    for (const std::string_view column : {"subject_id", "predicate_id", "object_id"}) {
      if (!columns.has(column)) {
        throw Error(ErrorKind::kCorrupt, "{}: expected a header with a column {}, found none",
                    lines_.place(), column);
      }
    }
    while (lines_.next(line)) {
      if (trimmed(line).empty()) continue;
      ++report_.rows.rows;
      take_row(columns, line, split_tabs(line));
    }
    require_found(report_, mappings_, "mapping");
  }

 private:
  void take_row(const TableColumns& columns, std::string_view line,
                const std::vector<std::string_view>& row) {
    if (row.size() != columns.count()) {
      report_.refuse("wrong number of fields", "{}: expected {} fields, found {}",
                     lines_.place(line, line.size()), columns.count(), row.size());
      return;
    }
    const auto place_of = [&](std::string_view column) {
      return lines_.place(line, std::size_t(row[columns.place(column)].data() - line.data()));
    };
    const auto predicate = columns.field(row, "predicate_id");
    if (std::find(predicates_.begin(), predicates_.end(), predicate) == predicates_.end()) {
      return report_.leave_out("other predicate");
    }
    if (columns.field(row, "predicate_modifier") == "Not") return report_.leave_out("negated");

    const auto given = columns.field(row, "confidence");
    const auto confidence = parse_confidence(given.empty() ? "1" : given);
    const auto subject = stripped(columns.field(row, "subject_id"));
    const auto object = stripped(columns.field(row, "object_id"));
    if (subject.empty()) {
      report_.refuse("no code", "{}: expected a code, found none", place_of("subject_id"));
    } else if (object.empty()) {
      report_.refuse("no code", "{}: expected a code, found none", place_of("object_id"));
    } else if (!confidence) {
      report_.refuse("no confidence", "{}: expected a number from 0 to 1, found none",
                     place_of("confidence"));
    } else if (subject == kNoTerm || object == kNoTerm) {
      report_.leave_out("no term found");
    } else if (*confidence < least_confidence_) {
      report_.leave_out("less confident");
    } else {
      draft_.add(EquivalenceRecord{subject, object});
      ++mappings_;
    }
  }

  std::string_view stripped(std::string_view id) const {
    for (const auto prefix : prefixes_) {
      if (id.starts_with(prefix)) return trimmed(id.substr(prefix.size()));
    }
    return id;
  }

  static constexpr std::string_view kNoTerm = "sssom:NoTermFound";

  SourceLines lines_;
  KbDraft& draft_;
  SourceReport& report_;
  std::vector<std::string_view> predicates_, prefixes_;
  double least_confidence_ = 0;
  std::size_t mappings_ = 0;
};

}  // namespace

void read_sssom(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                const Progress& progress) {
  SssomReader(spec, draft, report, progress).read();
}

}  // namespace enlace
