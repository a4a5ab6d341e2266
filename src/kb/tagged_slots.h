// Open addressing over numbered things that lie elsewhere, with their hashes at hand.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace enlace {

/// Finds the number of a thing by its 32-bit hash and a comparison. The hash stands in the slot, so
/// that things are compared only where they are very likely the same, and never when the table
/// grows. 8 bytes a slot, at most three in four of which are taken.
class TaggedSlots {
 public:
  struct Slot {
    std::uint32_t hash;
    std::uint32_t taken;  // number + 1, or 0 where free
  };

  /// Makes room for `count` things. References to slots end.
  void reserve(std::size_t count) {
    while (count > slots_.size() / 4 * 3) grow();
  }

  void prefetch(std::uint32_t hash) const noexcept {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }

  /// The number + 1 of the thing that stands where `hash` leads to, if its hash is the same; else
  /// 0. A guess of what slot() will compare, so that it can be fetched.
  std::uint32_t alike(std::uint32_t hash) const noexcept {
    if (slots_.empty()) return 0;
    const Slot& slot = slots_[hash & (slots_.size() - 1)];
    return slot.hash == hash ? slot.taken : 0;
  }

  /// The slot of the thing with this hash for which same(number) holds, or the free one that it
  /// gets. Requires room.
  template <class Same>
  Slot& slot(std::uint32_t hash, const Same& same) noexcept {
    return slots_[place(hash, same)];
  }

  /// The number of that thing + 1, or 0 if it is not here.
  template <class Same>
  std::uint32_t find(std::uint32_t hash, const Same& same) const noexcept {
    return slots_.empty() ? 0 : slots_[place(hash, same)].taken;
  }

  /// Frees every slot and keeps their number.
  void clear() noexcept { std::fill(slots_.begin(), slots_.end(), Slot{}); }

 private:
  static constexpr std::size_t kFewest = 64;

  template <class Same>
  std::size_t place(std::uint32_t hash, const Same& same) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].taken != 0 && (slots_[at].hash != hash || !same(slots_[at].taken - 1))) {
      at = (at + 1) & mask;
    }
    return at;
  }

  void grow() {
    std::vector<Slot> old(std::max(kFewest, slots_.size() * 2));
    old.swap(slots_);
    for (const Slot& entry : old) {
      if (entry.taken != 0) slots_[place(entry.hash, [](std::uint32_t) { return false; })] = entry;
    }
  }

  std::vector<Slot> slots_;
};

}  // namespace enlace
