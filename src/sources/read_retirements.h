// Lists of what a knowledge base is to have no more.
#pragma once

#include <filesystem>
#include <vector>

#include "base/progress.h"
#include "kb/apply_changes.h"
#include "kb/source_report.h"

namespace enlace {

/// Reads retirements from lines of code, name, language between tabs, of which only the code is
/// needed; no header. Bad rows are refused in the report and read past. Throws as LineReader does;
/// Error(kCancelled).
std::vector<Retirement> read_retirements(const std::filesystem::path& path, SourceReport& report,
                                         const Progress& progress);

}  // namespace enlace
