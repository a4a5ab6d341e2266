#include "kb/joined_codes.h"

#include <algorithm>
#include <numeric>
#include <utility>

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

std::vector<DoubtfulGroup> doubtful_groups(
    std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> uses) {
  std::sort(uses.begin(), uses.end());
  uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
  std::vector<DoubtfulGroup> groups;
  for (const auto& [standing, source, code] : uses) {
    if (groups.empty() || groups.back().standing != standing || groups.back().source != source) {
      if (!groups.empty() && groups.back().codes.size() == 1) groups.pop_back();
      groups.push_back({standing, source, {}});
    }
    groups.back().codes.push_back(code);
  }
  if (!groups.empty() && groups.back().codes.size() == 1) groups.pop_back();
  return groups;
}

}  // namespace enlace
