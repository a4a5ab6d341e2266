// The merges of byte-pair encoding, found by the pair.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace enlace {

/// Entries `left` and `right`, side by side, become entry `merged`; pairs of lower rank first.
struct BpeMerge {
  std::int32_t left;
  std::int32_t right;
  std::int32_t merged;
  std::uint32_t rank;
};

/// A hash table with open addressing, at most half full. Const use is thread-safe.
class MergeTable {
 public:
  static constexpr std::uint32_t kNoRank = UINT32_MAX;

  struct Found {
    std::uint32_t rank = kNoRank;  // kNoRank: the pair does not merge
    std::int32_t merged = -1;
  };

  /// Of merges of one pair the last counts. Requires ids of at least 0.
  explicit MergeTable(std::span<const BpeMerge> merges);

  Found find(std::int32_t left, std::int32_t right) const noexcept {
    const std::uint64_t pair = pair_of(left, right);
    for (std::size_t at = place_of(pair);; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.pair == pair) return slot.found;
      if (slot.pair == kEmpty) return {};
    }
  }

 private:
  struct Slot {
    std::uint64_t pair;
    Found found;
  };

  static constexpr std::uint64_t kEmpty = UINT64_MAX;

  static std::uint64_t pair_of(std::int32_t left, std::int32_t right) noexcept {
    return std::uint64_t(std::uint32_t(left)) << 32 | std::uint32_t(right);
  }
  std::size_t place_of(std::uint64_t pair) const noexcept {
    const std::uint64_t mixed = (pair ^ pair >> 29) * 0x9E3779B97F4A7C15U;
    return std::size_t(mixed >> 32) & mask_;
  }

  std::vector<Slot> slots_;
  std::size_t mask_;
};

}  // namespace enlace
