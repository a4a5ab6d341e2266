// Sets of code points as ordered ranges.
#pragma once

#include <algorithm>
#include <span>

namespace enlace {

/// Both ends are in it.
struct CodePointRange {
  char32_t first;
  char32_t last;
};

/// Whether c is in one of `ranges`, which rise and do not overlap.
inline bool is_in(std::span<const CodePointRange> ranges, char32_t c) noexcept {
  const auto range =
      std::upper_bound(ranges.begin(), ranges.end(), c,
                       [](char32_t value, CodePointRange r) { return value <= r.last; });
  return range != ranges.end() && range->first <= c;
}

}  // namespace enlace
