// Large numbers that are ids, numbered in the order they are first seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace enlace {

/// Gives equal ids equal indexes, 0, 1, 2, … Open addressing; 16 bytes a slot, at most 3/4 full.
class IdMap {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// The index of `id`, and whether it is new. Requires fewer than 2^32 - 1 ids.
  std::pair<std::uint32_t, bool> add(std::uint64_t id) {
    if (size_ + 1 > slots_.size() / 4 * 3) grow();
    Slot& slot = slots_[slot_of(id)];
    if (slot.index != kNone) return {slot.index, false};
    slot = {id, size_++};
    return {slot.index, true};
  }

  /// The index of `id`; kNone if it was never added.
  std::uint32_t find(std::uint64_t id) const noexcept {
    return slots_.empty() ? kNone : slots_[slot_of(id)].index;
  }

  std::uint32_t size() const noexcept { return size_; }

 private:
  struct Slot {
    std::uint64_t id = 0;
    std::uint32_t index = kNone;
  };

  std::size_t slot_of(std::uint64_t id) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    const std::uint64_t mixed = id * 0x9E3779B97F4A7C15U;  // 2^64 over the golden ratio
    std::size_t slot = std::size_t(mixed ^ mixed >> 32) & mask;
    while (slots_[slot].index != kNone && slots_[slot].id != id) slot = (slot + 1) & mask;
    return slot;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.index != kNone) slots_[slot_of(slot.id)] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::uint32_t size_ = 0;
};

}  // namespace enlace
