#include "kb/string_table.h"

namespace enlace {

std::optional<std::uint32_t> StringTable::find(std::string_view text) const noexcept {
  std::uint32_t begin = 0;
  std::uint32_t end = size();
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if ((*this)[middle] < text) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin < size() && (*this)[begin] == text ? std::optional(begin) : std::nullopt;
}

}  // namespace enlace
