#include "kb/joined_codes.h"

#include <numeric>

namespace enlace {

std::vector<std::uint32_t> standing_codes(std::span<const CodeJoin> joins,
                                          std::span<const std::uint32_t> ranks) {
  std::vector<std::uint32_t> above(ranks.size());  // towards the code that stands for the group
  std::iota(above.begin(), above.end(), 0U);
  const auto top = [&](std::uint32_t code) {
    while (above[code] != code) code = above[code] = above[above[code]];
    return code;
  };
  for (const CodeJoin& join : joins) {
    const std::uint32_t a = top(join.a);
    const std::uint32_t b = top(join.b);
    if (std::pair(ranks[a], a) < std::pair(ranks[b], b)) {
      above[b] = a;
    } else {
      above[a] = b;
    }
  }
  for (std::uint32_t code = 0; code < above.size(); ++code) above[code] = top(code);
  return above;
}

}  // namespace enlace
