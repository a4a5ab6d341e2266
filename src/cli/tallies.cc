#include "cli/tallies.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/utf8.h"

namespace enlace::cli {

void print_tallies(std::string_view title, const ValueTable& table) {
  std::size_t width = 24;
  for (std::uint32_t i = 0; i < table.values.size(); ++i) {
    width = std::max(width, count_code_points(table.values[i]));
  }
  fmt::print("\n{:<{}} {:>10} {:>10}\n", title, width, "names", "concepts");
  for (std::uint32_t i = 0; i < table.values.size(); ++i) {
    const std::string_view value = table.values[i];
    fmt::print("{:<{}} {:>10} {:>10}\n", value.empty() ? "(none)" : value, width,
               table.tallies[i].names, table.tallies[i].concepts);
  }
}

}  // namespace enlace::cli
