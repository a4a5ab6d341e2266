#include "sources/csv_columns.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/error.h"
#include "kb/language_tag.h"
#include "sources/table_columns.h"

namespace enlace {
namespace {

struct RoleName {
  std::string_view name;
  CsvRole role;
  bool repeatable;
};

constexpr RoleName kRoles[] = {
    {"code", CsvRole::kCode, false},
    {"name", CsvRole::kName, true},
    {"synonyms", CsvRole::kSynonyms, true},
    {"lang", CsvRole::kLanguage, false},
    {"source", CsvRole::kSource, false},
    {"type", CsvRole::kType, true},
    {"preferred", CsvRole::kPreferred, false},
    {"scope", CsvRole::kScope, false},
    {"parent", CsvRole::kParent, true},
    {"definition", CsvRole::kDefinition, false},
    {"term_type", CsvRole::kTermType, false},
    {"licence", CsvRole::kLicence, false},
    {"xref", CsvRole::kXref, true},
};

const RoleName* role_named(std::string_view name) {
  const auto* found = std::find_if(std::begin(kRoles), std::end(kRoles),
                                   [&](const RoleName& role) { return role.name == name; });
  return found == std::end(kRoles) ? nullptr : found;
}

bool has(const std::vector<CsvColumn>& columns, CsvRole role) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const CsvColumn& column) { return column.role == role; });
}

[[noreturn]] void refuse(const SourceSpec& spec, std::string_view expected) {
  throw Error(ErrorKind::kInvalidArgument, "source {}: columns: expected {}", spec.kind, expected);
}

CsvColumn parse_column(const SourceSpec& spec, std::string_view part,
                       const std::vector<CsvColumn>& before) {
  const std::size_t colon = part.find(':');
  if (colon == part.npos || colon + 1 == part.size())
    refuse(spec, "ROLE:COLUMN between semicolons");
  const std::string_view left = part.substr(0, colon);
  const std::size_t at = std::min(left.find('@'), left.size());
  const RoleName* role = role_named(trimmed(left.substr(0, at)));
  if (role == nullptr) {
    refuse(spec,
           "a role of code name synonyms lang source type preferred scope parent definition "
           "term_type licence xref");
  }
  if (!role->repeatable && has(before, role->role)) {
    refuse(spec, fmt::format("the role {} once", role->name));
  }
  CsvColumn column{role->role, "", trimmed(part.substr(colon + 1))};
  if (at == left.size()) return column;
  const auto suffix = trimmed(left.substr(at + 1));
  if (role->role == CsvRole::kXref && !suffix.empty()) {
    column.suffix = suffix;
  } else if (is_text(role->role)) {
    const auto language = canonical_language(suffix);
    if (!language) refuse(spec, "a language tag after the @");
    column.suffix = *language;
  } else {
    refuse(spec,
           "an @ only in name@LANGUAGE, synonyms@LANGUAGE, definition@LANGUAGE or xref@PREFIX");
  }
  return column;
}

}  // namespace

std::vector<CsvColumn> columns_option(const SourceSpec& spec) {
  std::vector<CsvColumn> columns;
  for (const auto part : split_list(spec.option("columns"), ';')) {
    columns.push_back(parse_column(spec, part, columns));
  }
  if (!has(columns, CsvRole::kCode)) refuse(spec, "a code, as in code:0;name:1");
  if (!has(columns, CsvRole::kName) && !has(columns, CsvRole::kSynonyms)) {
    refuse(spec, "a name, as in code:0;name:1");
  }
  return columns;
}

void find_columns(std::vector<CsvColumn>& columns, const std::vector<std::string_view>* header,
                  std::string_view where) {
  for (CsvColumn& column : columns) {
    const auto name = column.column;
    if (header != nullptr) {
      const TableColumns names(*header);
      if (const auto found = std::ranges::count(*header, name); found > 1) {
        throw Error(ErrorKind::kInvalidArgument,
                    "{}: expected one column {}, found {}: a number, from 0, tells them apart",
                    where, name, found);
      }
      if (names.has(name)) {
        column.place = names.place(name);
        continue;
      }
    }
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), column.place);
    const bool is_number = code == std::errc{} && end == name.data() + name.size();
    constexpr std::size_t kMost = 1 << 20;
    if (!is_number || column.place >= (header != nullptr ? header->size() : kMost)) {
      throw Error(ErrorKind::kInvalidArgument,
                  "{}: expected a column {}, found none of that name or number", where, name);
    }
  }
}

}  // namespace enlace
