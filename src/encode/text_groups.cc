#include "encode/text_groups.h"

#include <algorithm>
#include <numeric>

namespace enlace {

TextGroups group_equal(std::span<const std::string_view> texts) {
  TextGroups groups;
  groups.order.resize(texts.size());
  std::iota(groups.order.begin(), groups.order.end(), 0U);
  std::sort(groups.order.begin(), groups.order.end(), [texts](std::uint32_t a, std::uint32_t b) {
    if (texts[a].size() != texts[b].size()) return texts[a].size() > texts[b].size();
    const int order = texts[a].compare(texts[b]);
    return order != 0 ? order < 0 : a < b;
  });
  for (std::uint32_t i = 0; i < groups.order.size(); ++i) {
    if (i == 0 || texts[groups.order[i]] != texts[groups.order[i - 1]]) groups.starts.push_back(i);
  }
  groups.starts.push_back(static_cast<std::uint32_t>(groups.order.size()));
  return groups;
}

}  // namespace enlace
