// Where the columns of a table with a header are.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"

namespace enlace {

/// The places of columns by their names, blanks at the ends of a name apart. Of two columns of one
/// name the first counts.
class TableColumns {
 public:
  explicit TableColumns(const std::vector<std::string_view>& header) : count_(header.size()) {
    for (std::size_t i = 0; i < header.size(); ++i) places_.emplace(trimmed(header[i]), i);
  }
  std::size_t count() const noexcept { return count_; }
  bool has(std::string_view name) const { return places_.find(name) != places_.end(); }
  /// Requires has(name).
  std::size_t place(std::string_view name) const { return places_.find(name)->second; }
  /// The field of column `name` without blanks at its ends; empty if there is no such column.
  /// Requires a row of count() fields.
  std::string_view field(const std::vector<std::string_view>& row, std::string_view name) const {
    return has(name) ? trimmed(row[place(name)]) : std::string_view{};
  }

 private:
  std::map<std::string, std::size_t, std::less<>> places_;
  std::size_t count_;
};

}  // namespace enlace
