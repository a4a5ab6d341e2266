// A numbered list of strings inside a mapped file: where each begins, and all their bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace enlace {

/// String number i is bytes[starts[i], starts[i + 1]). Borrows both.
/// Invariant: starts has one element more than there are strings, begins with 0, never falls, and
/// ends with bytes.size().
struct StringTable {
  std::span<const std::uint64_t> starts;
  std::string_view bytes;

  std::uint32_t size() const noexcept { return std::uint32_t(starts.size() - 1); }

  /// Requires i < size().
  std::string_view operator[](std::uint32_t i) const noexcept {
    return {bytes.data() + starts[i], std::size_t(starts[i + 1] - starts[i])};
  }

  /// The number of `text` in a table that is sorted by bytes. O(log size).
  std::optional<std::uint32_t> find(std::string_view text) const noexcept;
};

}  // namespace enlace
