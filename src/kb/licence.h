// Which licences a user names.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace enlace {

/// Whether `licence` is `wanted`, or a version of it: "CC-BY" takes "CC-BY-4.0", but neither
/// "CC-BY-NC-4.0" nor "CC-BY-SA-4.0". Letters A to Z in any case.
bool is_licence(std::string_view licence, std::string_view wanted) noexcept;

/// Whether it is one of `wanted`.
inline bool is_one_of(std::string_view licence, std::span<const std::string> wanted) noexcept {
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const std::string& want) { return is_licence(licence, want); });
}

}  // namespace enlace
