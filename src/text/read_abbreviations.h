// Reading somebody's own list of short forms.
#pragma once

#include <filesystem>

#include "text/abbreviations.h"

namespace enlace {

/// The rows of a table: short form, tab, long form; no header. A short form may have several rows,
/// of which the first kMostReadings count; further columns are ignored, and so are empty lines.
/// gzip is recognised.
///
/// Throws Error as LineReader does; kCorrupt with line and column for a row with one column, an
/// empty field, a short form that add_abbreviation does not take or bytes that are not UTF-8,
/// kInvalidArgument if there is no row.
Abbreviations read_abbreviations(const std::filesystem::path& path);

}  // namespace enlace
