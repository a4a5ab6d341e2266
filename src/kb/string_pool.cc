#include "kb/string_pool.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/parallel.h"
#include "base/sort_strings.h"

namespace enlace {

std::size_t StringPool::slot_of(std::string_view text, std::uint32_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot].taken != 0 &&
         (slots_[slot].hash != hash || (*this)[slots_[slot].taken - 1] != text)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void StringPool::grow() {
  std::vector<Slot> old(std::max<std::size_t>(64, slots_.size() * 2));
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& entry : old) {
    if (entry.taken == 0) continue;
    std::size_t slot = entry.hash & mask;
    while (slots_[slot].taken != 0) slot = (slot + 1) & mask;
    slots_[slot] = entry;
  }
}

std::uint32_t StringPool::intern(std::string_view text, std::uint32_t hash) {
  if (size() + std::size_t{1} > slots_.size() / 4 * 3) grow();
  Slot& slot = slots_[slot_of(text, hash)];
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
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t taken = slots_[slot_of(text, hash_of(text))].taken;
  return taken == 0 ? std::nullopt : std::optional(taken - 1);
}

std::vector<std::uint32_t> sorted_ids(const StringPool& pool) {
  return sorted_order(
      pool.size(), [&](std::uint32_t id) { return pool[id]; }, machine_workers());
}

}  // namespace enlace
