// The files of a SNOMED CT release (RF2), found by their names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/source_spec.h"

namespace enlace {

/// The module that the concepts of the International release belong to.
inline constexpr std::string_view kInternationalModule = "900000000000207008";

/// Which rows a release folder gives: those in force, all that ever were, or those that changed.
enum class Rf2View : std::uint8_t { kSnapshot, kFull, kDelta };

/// The tables that are read.
enum class Rf2Table : std::uint8_t {
  kConcept,
  kDescription,
  kTextDefinition,
  kRelationship,  // inferred
  kLanguage,      // reference sets
  kAssociation,
  kExtendedMap,
  kModuleDependency,
};

/// `sct2_Description_SpanishExtensionSnapshot-es_INT_20180430.txt` taken apart.
struct Rf2File {
  std::filesystem::path path;
  Rf2Table table;
  Rf2View view;
  std::string
      edition;  // "SpanishExtension"; where a name has none, its namespace: "INT", "US1000124"
  std::string language;  // canonical, of "-es"; empty if there is none
  std::uint32_t date;    // 20180430
};

/// Nothing if `path` is not named as a file of a table that is read; `.txt` may be followed by
/// `.gz`. A leading x (beta releases) is passed over.
std::optional<Rf2File> parse_rf2_name(const std::filesystem::path& path);

/// The files of one view below a folder, in the order of their paths.
struct Rf2Release {
  std::filesystem::path folder;
  std::string edition;  // of its concepts, or descriptions
  std::uint32_t date = 0;
  std::vector<Rf2File> files;

  std::vector<Rf2File> of(Rf2Table table) const;
};

/// Throws Error: kNotFound if there is no such folder; kInvalidArgument if it is none, has no file
/// of the view, or files of more than one date.
Rf2Release find_rf2_release(const std::filesystem::path& folder, Rf2View view);

/// A date written as 20240131. Nothing if it is not eight digits.
std::optional<std::uint32_t> parse_rf2_date(std::string_view text) noexcept;

/// What a source of the kind rf2 is told about its files.
struct Rf2Choice {
  Rf2Release release;
  std::vector<Rf2Release> deltas;  // to be applied in this order: that of their dates
  Rf2View view;
  std::uint32_t until;  // rows of a later effectiveTime are not there

  /// The files of a table: of the release, then of each delta.
  std::vector<Rf2File> of(Rf2Table table) const;
};

/// The options view, date and delta of `spec`. Throws as find_rf2_release does, and
/// kInvalidArgument for a value of an option.
Rf2Choice choose_rf2(const SourceSpec& spec);

/// Throws Error(kInvalidArgument), with both dates, if a source of the kind rf2 is an extension and
/// none before it holds the International rows of the date that it depends on: that of its module
/// dependencies, or its own if they do not say. Other kinds are passed over. Throws as choose_rf2
/// and the readers do.
void require_international_rf2(std::span<const SourceSpec> specs);

}  // namespace enlace
