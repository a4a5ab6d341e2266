// The greatest of many small numbers, by counting how many there are of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace enlace {

/// Keeps the numbers of the n things with the greatest values; of equal ones those offered first.
/// Cost: a few operations a thing that is not below the floor, whatever n.
class BestValues {
 public:
  /// Requires n > 0 and floor > 0; values below the floor do not count.
  explicit BestValues(std::size_t n, std::uint16_t floor = 1)
      : n_(n), floor_(floor), counts_(65536) {}

  /// What is below has no chance any more. The n-th greatest value if n or more were offered.
  std::uint16_t floor() const noexcept { return floor_; }

  void offer(std::uint16_t value, std::uint32_t thing) {
    if (value < floor_) return;
    kept_.push_back({thing, value});
    ++counts_[value];
    ++reached_;
    while (reached_ - counts_[floor_] >= n_) reached_ -= counts_[floor_++];
  }

  /// Whether as many are kept as may be, so that others may have been offered.
  bool full() const noexcept { return reached_ >= n_; }

  /// Those kept with a value of at least `least`, in the order in which they were offered.
  std::vector<std::uint32_t> take(std::uint16_t least = 1) const {
    std::size_t at_floor = n_ - (reached_ - counts_[floor_]);  // how many of these are kept
    std::vector<std::uint32_t> things;
    for (const Kept& kept : kept_) {
      if (kept.value < floor_ || (kept.value == floor_ && at_floor == 0)) continue;
      at_floor -= kept.value == floor_ ? 1U : 0U;
      if (kept.value >= least) things.push_back(kept.thing);
    }
    return things;
  }

 private:
  struct Kept {
    std::uint32_t thing;
    std::uint16_t value;
  };

  std::size_t n_;
  std::uint16_t floor_;
  std::size_t reached_ = 0;            // how many of those kept have at least the floor
  std::vector<std::uint32_t> counts_;  // of those kept, by value
  std::vector<Kept> kept_;
};

}  // namespace enlace
