#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/error.h"
#include "kb/language_tag.h"
#include "sources/csv_columns.h"
#include "sources/csv_rows.h"
#include "sources/first_names.h"
#include "sources/readers.h"

namespace enlace {
namespace {

struct SeparatorName {
  std::string_view name;
  char separator;
};
constexpr SeparatorName kSeparators[] = {
    {"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"bar", '|'}};

/// The option `key` as yes or no.
bool yes_or_no(const SourceSpec& spec, std::string_view key, bool otherwise) {
  const auto given = spec.option(key, otherwise ? "yes" : "no");
  if (given != "yes" && given != "no") {
    throw Error(ErrorKind::kInvalidArgument, "source {}: expected {}=yes or {}=no", spec.kind, key,
                key);
  }
  return given == "yes";
}

/// Whether the name of a file says that tabs separate, "x.tsv" or "x.tsv.gz".
bool is_named_tsv(std::filesystem::path path) {
  if (path.extension() == ".gz") path = path.stem();
  return path.extension() == ".tsv" || path.extension() == ".tab";
}

CsvDialect dialect_of(const SourceSpec& spec) {
  const auto given = spec.option("separator", is_named_tsv(spec.path) ? "tab" : "comma");
  const auto* found = std::find_if(
      std::begin(kSeparators), std::end(kSeparators), [&](const SeparatorName& separator) {
        return given == separator.name || given == std::string_view(&separator.separator, 1);
      });
  if (found == std::end(kSeparators)) {
    throw Error(ErrorKind::kInvalidArgument,
                "source {}: expected separator to be comma, semicolon, tab or bar", spec.kind);
  }
  const bool quoting = found->separator == ',' || found->separator == ';';
  return {found->separator, yes_or_no(spec, "quotes", quoting)};
}

/// What separates several values in one field.
char split_option(const SourceSpec& spec) {
  const auto given = spec.option("split", "|");
  if (given.size() != 1) {
    throw Error(ErrorKind::kInvalidArgument, "source {}: expected split to be one character",
                spec.kind);
  }
  return given.front();
}

bool is_yes(std::string_view word) {
  std::string lowered(word);
  for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  constexpr std::string_view kYes[] = {"1", "true", "yes", "y", "p", "preferred"};
  return std::find(std::begin(kYes), std::end(kYes), lowered) != std::end(kYes);
}

class CsvReader {
 public:
  CsvReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report, const Progress& progress)
      : columns_(columns_option(spec)),
        has_header_(yes_or_no(spec, "header", true)),
        split_(split_option(spec)),
        language_(language_option(spec, "")),
        source_(source_option(spec)),
        type_(spec.option("type")),
        rows_(spec.path, dialect_of(spec), report, progress),
        draft_(draft),
        report_(report) {
    const auto needs_language = [](const CsvColumn& column) {
      return is_text(column.role) && column.suffix.empty();
    };
    if (language_.empty() && column(CsvRole::kLanguage) == nullptr &&
        std::any_of(columns_.begin(), columns_.end(), needs_language)) {
      throw Error(ErrorKind::kInvalidArgument,
                  "source {}: expected lang, a column lang, or name@LANGUAGE; found none",
                  spec.kind);
    }
  }

  void read() {
    fewest_ = 0;
    if (has_header_) {
      if (!rows_.next(row_)) {
        throw Error(ErrorKind::kCorrupt, "{}:1: expected a header, found an empty file",
                    rows_.name());
      }
      find_columns(columns_, &row_, rows_.place());
      fewest_ = row_.size();
    } else {
      find_columns(columns_, nullptr, rows_.name());
      fewest_ = column(CsvRole::kCode)->place + 1;
    }
    while (rows_.next(row_)) {
      ++report_.rows.rows;
      take_row();
    }
  }

 private:
  const CsvColumn* column(CsvRole role) const {
    const auto found = std::find_if(columns_.begin(), columns_.end(),
                                    [&](const CsvColumn& given) { return given.role == role; });
    return found == columns_.end() ? nullptr : &*found;
  }
  std::string_view field(const CsvColumn& column) const {
    return column.place < row_.size() ? trimmed(row_[column.place]) : std::string_view{};
  }
  /// The field of a role that comes once, or `otherwise` if it is absent or empty.
  std::string_view field(CsvRole role, std::string_view otherwise) const {
    const CsvColumn* found = column(role);
    const auto given = found == nullptr ? std::string_view{} : field(*found);
    return given.empty() ? otherwise : given;
  }

  void take_row() {
    if (row_.size() < fewest_ || (has_header_ && row_.size() > fewest_)) {
      report_.refuse("wrong number of fields", "{}: expected {}{} fields, found {}",
                     rows_.place(std::min(fewest_, row_.size())), has_header_ ? "" : "at least ",
                     fewest_, row_.size());
      return;
    }
    const auto code = field(CsvRole::kCode, "");
    const auto& tag = languages_.canonical(field(CsvRole::kLanguage, language_));
    if (code.empty()) {
      report_.refuse("no code", "{}: expected a code, found none",
                     rows_.place(column(CsvRole::kCode)->place));
    } else if (!tag && needs_language()) {
      report_.refuse("unknown language", "{}: expected a language tag, found none that is known",
                     rows_.place(column(CsvRole::kLanguage)->place));
    } else if (!scope()) {
      report_.refuse("unknown scope",
                     "{}: expected a scope of preferred exact related broad narrow, found another",
                     rows_.place(column(CsvRole::kScope)->place));
    } else if (!add_names(code, tag.value_or(""))) {
      report_.refuse("no name", "{}: expected a name, found none", rows_.place(name_place()));
    } else {
      add_facts(code, tag.value_or(""));
    }
  }

  /// Where the first name of a row stands.
  std::size_t name_place() const {
    return std::find_if(columns_.begin(), columns_.end(),
                        [](const CsvColumn& given) {
                          return given.role == CsvRole::kName || given.role == CsvRole::kSynonyms;
                        })
        ->place;
  }

  /// Whether a text of this row is in the language of the row.
  bool needs_language() const {
    return std::any_of(columns_.begin(), columns_.end(), [&](const CsvColumn& given) {
      return is_text(given.role) && given.suffix.empty() && !field(given).empty();
    });
  }

  /// What the row says its names are, exact if it says nothing; nothing if it is no scope.
  std::optional<Scope> scope() const { return parse_scope(field(CsvRole::kScope, "exact")); }

  bool add_names(std::string_view code, std::string_view row_language) {
    bool added = false;
    const CsvColumn* flag = column(CsvRole::kPreferred);
    const bool says_scope = !field(CsvRole::kScope, "").empty();
    for (const CsvColumn& given : columns_) {
      const bool is_name = given.role == CsvRole::kName;
      if (!is_name && given.role != CsvRole::kSynonyms) continue;
      const auto language = given.suffix.empty() ? row_language : std::string_view(given.suffix);
      const auto texts = is_name ? std::vector{field(given)} : split_list(field(given), split_);
      for (const auto text : texts) {
        if (text.empty()) continue;
        const bool first = is_name && !says_scope && first_names_.add(code, language);
        const bool preferred = is_name && (flag == nullptr ? first : is_yes(field(*flag)));
        draft_.add(NameRecord{code, text, language, field(CsvRole::kSource, source_),
                              preferred ? Scope::kPreferred : *scope(),
                              field(CsvRole::kTermType, ""), field(CsvRole::kLicence, "")},
                   report_);
        added = true;
      }
    }
    return added;
  }

  void add_facts(std::string_view code, std::string_view language) {
    bool typed = false;
    for (const CsvColumn& given : columns_) {
      const auto value = field(given);
      if (given.role == CsvRole::kDefinition && !value.empty()) {
        draft_.add(DefinitionRecord{
            code, value, given.suffix.empty() ? language : std::string_view(given.suffix)});
      }
      const auto each = [&](CsvRole role) {
        return given.role == role ? split_list(value, split_) : std::vector<std::string_view>{};
      };
      for (const auto parent : each(CsvRole::kParent)) draft_.add(RelationRecord{code, parent});
      for (const auto type : each(CsvRole::kType)) {
        draft_.add(TypeRecord{code, type});
        typed = true;
      }
      for (const auto xref : each(CsvRole::kXref)) {
        const std::string external =
            given.suffix.empty() ? std::string(xref) : fmt::format("{}:{}", given.suffix, xref);
        draft_.add(XrefRecord{code, external});
      }
    }
    if (!typed && !type_.empty()) draft_.add(TypeRecord{code, type_});
  }

  std::vector<CsvColumn> columns_;
  bool has_header_;
  char split_;
  std::string language_, source_;
  std::string_view type_;
  CsvRows rows_;
  KbDraft& draft_;
  SourceReport& report_;
  std::vector<std::string_view> row_;
  std::size_t fewest_ = 0;  // fields of a row
  FirstNames first_names_;
  LanguageCache languages_;
};

}  // namespace

void read_csv(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress) {
  CsvReader(spec, draft, report, progress).read();
}

}  // namespace enlace
