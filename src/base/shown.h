// Names from a file that may stand in a message.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace enlace {

/// `name` if it is short and plain, as the words of configurations and of code are; else "another",
/// so that no message holds a piece of text.
inline std::string shown(std::string_view name) {
  const bool plain =
      !name.empty() && name.size() <= 80 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
      });
  return std::string(plain ? name : "another");
}

}  // namespace enlace
