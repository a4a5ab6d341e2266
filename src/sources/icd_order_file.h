// The order files of ICD-10-CM and ICD-10-PCS: codes and titles in columns of fixed width.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/progress.h"
#include "kb/draft.h"
#include "kb/source_report.h"

namespace enlace {

/// A line: its number in columns 1 to 5, the code in 7 to 13, whether it may be billed in 15, a
/// short title in 17 to 76 and the long title from 78 on.
struct IcdOrderRow {
  std::string place;       // "icd10cm_order_2026.txt:17"
  std::string_view code;   // without a dot
  std::string_view brief;  // up to 60 characters; may be empty
  std::string_view title;  // never empty
};

/// Calls `use` with every row, in order. Bad lines and codes that come again are refused in
/// `report`. Throws as SourceLines does.
void read_icd_order_file(const std::filesystem::path& path, SourceReport& report,
                         const Progress& progress,
                         const std::function<void(const IcdOrderRow&)>& use);

/// Adds the codes of an order file to `draft`: the long title as the preferred English name, the
/// short one as another, and the longest proper prefix that is a code of the file as the parent.
/// `written` gives a code as names are to carry it. Throws as read_icd_order_file does.
void add_icd_order_file(const std::filesystem::path& path, std::string_view source,
                        const std::function<std::string(std::string_view code)>& written,
                        KbDraft& draft, SourceReport& report, const Progress& progress);

/// Whether the first line of `path` that is not empty begins as XML does. Throws as LineReader and
/// require_readable_twice do.
bool looks_like_xml(const std::filesystem::path& path);

}  // namespace enlace
