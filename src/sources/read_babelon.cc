#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/error.h"
#include "kb/language_tag.h"
#include "sources/readers.h"
#include "sources/source_lines.h"
#include "sources/table_columns.h"

namespace enlace {
namespace {

using Fields = std::vector<std::string_view>;

constexpr std::string_view kOfficial = "OFFICIAL";
constexpr std::string_view kNotTranslated = "NOT_TRANSLATED";

bool is_status(std::string_view word) {
  return word == kOfficial || word == "CANDIDATE" || word == kNotTranslated;
}

/// The status of a row. Files of synonyms keep it in one of three columns, or say nothing, which
/// makes them official.
std::string_view status_of(const TableColumns& columns, const Fields& row) {
  for (const std::string_view column : {"translation_status", "Status"}) {
    if (columns.has(column)) return columns.field(row, column);
  }
  const auto comment = columns.field(row, "comment");
  return is_status(comment) ? comment : kOfficial;
}

/// The second line of a ROBOT template, if `row` is one: what it says about the column of names.
struct Template {
  std::string_view language;  // after the @ of "AL oboInOwl:hasExactSynonym@fr"
  char separator = 0;         // of several names in a field, after "SPLIT="
};

std::optional<Template> parse_template(const TableColumns& columns, const Fields& row) {
  if (row.size() != columns.count() || columns.field(row, "subject_id") != "ID") {
    return std::nullopt;
  }
  const auto rule = columns.field(row, "translation_value");
  Template made;
  if (const std::size_t at = rule.find('@'); at != std::string_view::npos) {
    made.language = rule.substr(at + 1, rule.find(' ', at) - at - 1);
  }
  constexpr std::string_view kSplit = "SPLIT=";
  if (const std::size_t at = rule.find(kSplit);
      at != std::string_view::npos && at + kSplit.size() < rule.size()) {
    made.separator = rule[at + kSplit.size()];
  }
  return made;
}

class BabelonReader {
 public:
  BabelonReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                const Progress& progress)
      : lines_(spec.path, report, progress),
        draft_(draft),
        report_(report),
        source_(spec.option("source", "HPO")),
        type_(spec.option("type")),
        language_(language_option(spec, "")),
        any_status_(spec.option("status", kOfficial) == "any") {
    if (!any_status_ && spec.option("status", kOfficial) != kOfficial) {
      throw Error(ErrorKind::kInvalidArgument, "source {}: expected status=OFFICIAL or status=any",
                  spec.kind);
    }
  }

  void read() {
    std::string_view line;
    if (!lines_.next(line)) {
      throw Error(ErrorKind::kCorrupt, "{}:1: expected a header, found an empty file",
                  lines_.name());
    }
    const TableColumns columns(split_tabs(line));
    for (const std::string_view column : {"subject_id", "translation_value"}) {
      if (!columns.has(column)) {
        throw Error(ErrorKind::kCorrupt, "{}: expected a header with a column {}, found none",
                    lines_.place(), column);
      }
    }
    while (lines_.next(line)) {
      if (trimmed(line).empty()) continue;
      const Fields row = split_tabs(line);
      if (!columns.has("predicate_id") && !template_seen_) {
        if (const auto rule = parse_template(columns, row)) {
          take_template(*rule);
          continue;
        }
      }
      ++report_.rows.rows;
      take_row(columns, line, row);
    }
  }

 private:
  void take_template(const Template& rule) {
    template_seen_ = true;
    separator_ = rule.separator;
    if (const auto language = canonical_language(rule.language)) language_ = *language;
  }

  void take_row(const TableColumns& columns, std::string_view line, const Fields& row) {
    if (row.size() != columns.count()) {
      report_.refuse("wrong number of fields", "{}: expected {} fields, found {}",
                     lines_.place(line, line.size()), columns.count(), row.size());
      return;
    }
    const auto place_of = [&](std::string_view column) {
      return lines_.place(line, std::size_t(row[columns.place(column)].data() - line.data()));
    };
    const auto status = status_of(columns, row);
    const auto predicate = columns.has("predicate_id") ? columns.field(row, "predicate_id")
                                                       : "oboInOwl:hasExactSynonym";
    if (predicate == "IAO:0000115") return report_.leave_out("definition");
    if (predicate != "rdfs:label" && predicate != "oboInOwl:hasExactSynonym") {
      return report_.leave_out("other predicate");
    }
    if (status == kNotTranslated) return report_.leave_out("not translated");
    if (!any_status_ && status != kOfficial) return report_.leave_out("not official");

    const auto code = columns.field(row, "subject_id");
    const auto text = columns.field(row, "translation_value");
    const auto names = separator_ != 0 ? split_list(text, separator_)
                       : text.empty()  ? Fields{}
                                       : Fields{text};
    const auto language = columns.has("translation_language")
                              ? canonical_language(columns.field(row, "translation_language"))
                              : canonical_language(language_);
    if (code.empty()) {
      report_.refuse("no code", "{}: expected a code, found none", place_of("subject_id"));
    } else if (names.empty()) {
      report_.refuse("no name", "{}: expected a name, found none", place_of("translation_value"));
    } else if (!language) {
      report_.refuse(
          "unknown language", "{}: expected a language tag, found none that is known",
          columns.has("translation_language") ? place_of("translation_language") : lines_.place());
    } else {
      const auto scope = predicate == "rdfs:label" ? Scope::kPreferred : Scope::kExact;
      for (const auto name : names) {
        draft_.add(NameRecord{code, name, *language, source_, scope}, report_);
      }
      if (!type_.empty()) draft_.add(TypeRecord{code, type_});
    }
  }

  SourceLines lines_;
  KbDraft& draft_;
  SourceReport& report_;
  std::string_view source_, type_;
  std::string language_;  // of a table that has no column for it
  bool any_status_;
  bool template_seen_ = false;
  char separator_ = 0;
};

}  // namespace

void read_babelon(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                  const Progress& progress) {
  BabelonReader(spec, draft, report, progress).read();
}

}  // namespace enlace
