// Lists of what a knowledge base is to have no more.
#pragma once

#include <filesystem>
#include <vector>

#include "base/progress.h"
#include "kb/apply_changes.h"
#include "kb/source_report.h"

namespace enlace {

/// Reads retirements from lines of code, name, language between tabs, no header. A code alone
/// retires its concept, so a row whose name is blank is a bad one. Bad rows are refused in the
/// report and read past. Throws as LineReader does; Error(kCancelled).
std::vector<Retirement> read_retirements(const std::filesystem::path& path, SourceReport& report,
                                         const Progress& progress);

}  // namespace enlace
