// The entries of a gettext translation file.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/progress.h"
#include "kb/source_report.h"

namespace enlace {

/// One translation. Escapes are resolved and continued strings joined.
struct PoEntry {
  std::string place;        // "es.po:17": its first line
  std::string context;      // msgctxt
  std::string id;           // msgid: the text in the language of the program
  std::string translation;  // msgstr; empty if there is none
  bool fuzzy = false;       // a translator has to look at it again
};

/// Calls `use` with every entry of `path` but those with plural forms. The header is an entry
/// without context and id; its translation holds lines such as "Language: es". Bad lines are
/// refused in `report` with their entry; obsolete entries (`#~`) are left out and counted. Throws
/// as a reader does (sources/readers.h).
void read_po(const std::filesystem::path& path, SourceReport& report, const Progress& progress,
             const std::function<void(const PoEntry&)>& use);

}  // namespace enlace
