#include "kb/string_pool.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/sort_strings.h"

namespace enlace {

std::size_t StringPool::slot_of(std::string_view text) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::size_t(hash_bytes(text)) & mask;
  while (slots_[slot] != 0 && (*this)[slots_[slot] - 1] != text) slot = (slot + 1) & mask;
  return slot;
}

void StringPool::grow() {
  slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), 0);
  for (std::uint32_t id = 0; id < size(); ++id) slots_[slot_of((*this)[id])] = id + 1;
}

std::uint32_t StringPool::intern(std::string_view text) {
  if (size() + std::size_t{1} > slots_.size() / 4 * 3) grow();
  std::uint32_t& taken = slots_[slot_of(text)];
  if (taken == 0) {
    if (size() >= std::numeric_limits<std::uint32_t>::max() - 1) {
      throw Error(ErrorKind::kUnsupported, "more than {} distinct strings", size());
    }
    bytes_.append(text);
    starts_.push_back(bytes_.size());
    taken = size();
  }
  return taken - 1;
}

std::optional<std::uint32_t> StringPool::find(std::string_view text) const noexcept {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t taken = slots_[slot_of(text)];
  return taken == 0 ? std::nullopt : std::optional(taken - 1);
}

std::vector<std::uint32_t> sorted_ids(const StringPool& pool) {
  return sorted_order(
      pool.size(), [&](std::uint32_t id) { return pool[id]; }, machine_workers());
}

}  // namespace enlace
