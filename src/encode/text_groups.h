// Equal texts brought together, so that each is encoded once.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace enlace {

/// Indices of texts, equal ones next to one another: group g is order[starts[g] .. starts[g+1]).
/// Longer texts come first, so that what is left at the end of a parallel loop is small.
struct TextGroups {
  std::vector<std::uint32_t> order;
  std::vector<std::uint32_t> starts;  // one more than there are groups

  std::size_t size() const noexcept { return starts.size() - 1; }
  std::span<const std::uint32_t> group(std::size_t g) const noexcept {
    return std::span(order).subspan(starts[g], starts[g + 1] - starts[g]);
  }
};

/// Requires fewer than 2^32 texts. Cost: one sort.
TextGroups group_equal(std::span<const std::string_view> texts);

}  // namespace enlace
