// Pairs that are numbered but never listed, and samples of numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"

namespace enlace {

/// Places [first, first + count) of some list.
struct PlaceRange {
  std::uint32_t first, count;
};

/// The places of the two members of a pair, each in its own list or both in one.
struct PlacePair {
  std::uint32_t first, second;
  friend bool operator==(const PlacePair&, const PlacePair&) = default;
};

/// A set of pairs as blocks, each numbered on from the one before it. Quadratically many pairs take
/// the memory of their blocks: {0, 1, 2} as a triangle has the pairs (0,1) (0,2) (1,2), numbered 0
/// to 2; {0} and {5, 6} as a rectangle (0,5) (0,6).
class PairSpace {
 public:
  /// Adds every pair i < j of places in `range`.
  void add_triangle(PlaceRange range);

  /// Adds every pair of a place in `range` with one in `others`.
  void add_rectangle(PlaceRange range, PlaceRange others);

  std::uint64_t size() const noexcept { return size_; }

  /// Pair number `number`. Requires number < size(). O(log blocks).
  PlacePair at(std::uint64_t number) const noexcept;

 private:
  struct Block {
    std::uint64_t before;  // pairs in the blocks before this one
    PlaceRange range, others;
    bool triangle;
  };
  void add(Block block, std::uint64_t pairs);

  std::vector<Block> blocks_;
  std::uint64_t size_ = 0;
};

/// `count` distinct numbers below `bound`, ascending, every such set as likely as any other; all
/// numbers if count >= bound. Floyd's algorithm (Bentley and Floyd 1987, CACM 30(9)).
/// Cost: O(count^2) at worst, in moves of neighbouring numbers; memory O(count), whatever `bound`.
std::vector<std::uint64_t> sample_numbers(std::uint64_t bound, std::uint64_t count, Random& random);

}  // namespace enlace
