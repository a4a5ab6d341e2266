// A span of a text, in bytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace enlace {

/// Bytes [begin, end) of a text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::uint32_t size() const noexcept { return end - begin; }
  std::string_view of(std::string_view text) const { return text.substr(begin, size()); }

  bool operator==(const Span&) const = default;
};

}  // namespace enlace
