// Which column of a table is what: the option `columns` of a csv source.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sources/source_spec.h"

namespace enlace {

enum class CsvRole {
  kCode,
  kName,
  kSynonyms,
  kLanguage,
  kSource,
  kType,
  kPreferred,
  kScope,
  kParent,
  kDefinition,
  kTermType,
  kLicence,
  kXref
};

/// Whether a role is a text in some language.
constexpr bool is_text(CsvRole role) noexcept {
  return role == CsvRole::kName || role == CsvRole::kSynonyms || role == CsvRole::kDefinition;
}

/// One part of `columns`: ROLE[@SUFFIX]:COLUMN.
struct CsvColumn {
  CsvRole role;
  std::string suffix;       // the language of a text, the prefix of an external reference
  std::string_view column;  // the name of a column, or its number from 0
  std::size_t place = 0;    // once find_columns knows it
};

/// The option `columns` taken apart; views into `spec`. Languages in suffixes are canonical.
/// Throws Error(kInvalidArgument) unless it has one code, at least one name or synonyms, roles that
/// exist, and each role once but for those that may come again.
std::vector<CsvColumn> columns_option(const SourceSpec& spec);

/// Fills in the places. `header`: the names of the columns, or null for numbers only. `where` opens
/// the message. Throws Error(kInvalidArgument) if a column is not there.
void find_columns(std::vector<CsvColumn>& columns, const std::vector<std::string_view>* header,
                  std::string_view where);

}  // namespace enlace
