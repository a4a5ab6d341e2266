// Gold standards for evaluation: mentions and the codes they stand for.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "io/read_report.h"

namespace enlace {

/// One annotated mention. `code` is the field as the file has it: alternatives joined by "|", the
/// parts of a composite by "+"; codes are strings, whatever they look like.
struct GoldMention {
  std::string text;
  std::string code;
};

/// The alternatives of a gold code, "C01|C02" as {"C01", "C02"}; without blanks around them.
std::vector<std::string_view> alternatives_of(std::string_view code);

/// The rows of a gold file: mention, tab, code; no header, no quoting. Further columns are ignored.
///
/// "-" is standard input; gzip is recognised. A row with one column, an empty mention or code, or
/// bytes that are not UTF-8 is refused in `report`.
/// Throws Error as LineReader does; kInvalidArgument if no row is good.
std::vector<GoldMention> read_gold(const std::filesystem::path& path, ReadReport& report);

}  // namespace enlace
