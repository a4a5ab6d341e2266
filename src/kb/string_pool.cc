#include "kb/string_pool.h"

#include <limits>

#include "base/error.h"
#include "base/parallel.h"
#include "base/sort_strings.h"

namespace enlace {

std::uint32_t StringPool::intern(std::string_view text, std::uint32_t hash) {
  slots_.reserve(size() + std::size_t{1});
  auto& slot = slots_.slot(hash, [&](std::uint32_t id) { return (*this)[id] == text; });
  if (slot.taken == 0) {
    if (size() >= std::numeric_limits<std::uint32_t>::max() - 1) {
      throw Error(ErrorKind::kUnsupported, "more than {} distinct strings", size());
    }
    bytes_.append(text);
    starts_.push_back(bytes_.size());
    slot = {hash, size()};
  }
  return slot.taken - 1;
}

std::optional<std::uint32_t> StringPool::find(std::string_view text) const noexcept {
  const std::uint32_t taken =
      slots_.find(hash_of(text), [&](std::uint32_t id) { return (*this)[id] == text; });
  return taken == 0 ? std::nullopt : std::optional(taken - 1);
}

std::vector<std::uint32_t> sorted_ids(const StringPool& pool) {
  return sorted_order(
      pool.size(), [&](std::uint32_t id) { return pool[id]; }, machine_workers());
}

}  // namespace enlace
