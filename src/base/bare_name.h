// Names inside files that become part of a path.
#pragma once

#include <algorithm>
#include <string_view>

namespace enlace {

/// Whether `name` may be appended to a folder's path without leaving it: letters, digits, '.', '_'
/// and '-', the first no '.'.
inline bool is_bare_name(std::string_view name) noexcept {
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

}  // namespace enlace
