// The greatest of many small numbers, by counting how many there are of each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace enlace {

/// Keeps the numbers of the n things with the greatest values, told apart by their twelve highest
/// bits; of equal ones those offered first.
/// Cost: a few operations a thing that is not below the floor, whatever n.
class BestValues {
 public:
  struct Kept {
    std::uint32_t thing;
    std::uint16_t value;
  };

  /// Requires n > 0 and floor > 0; values below the floor do not count.
  explicit BestValues(std::size_t n, std::uint16_t floor = 1) : n_(n), floor_(floor) {}

  /// What is below has no chance any more.
  std::uint16_t floor() const noexcept { return floor_; }

  void offer(std::uint16_t value, std::uint32_t thing) {
    if (value < floor_) return;
    kept_.push_back({thing, value});
    ++counts_[step(value)];
    ++reached_;
    while (reached_ - counts_[step(floor_)] >= n_) {
      reached_ -= counts_[step(floor_)];
      floor_ = static_cast<std::uint16_t>((step(floor_) + 1) << kLowBits);
    }
  }

  /// Whether as many are kept as may be, so that others may have been offered.
  bool full() const noexcept { return reached_ >= n_; }

  /// Those kept with a value of at least `least`, in the order in which they were offered.
  std::vector<Kept> take(std::uint16_t least = 1) const {
    std::size_t at_floor = n_ - (reached_ - counts_[step(floor_)]);  // how many of these are kept
    std::vector<Kept> best;
    for (const Kept& kept : kept_) {
      if (kept.value < floor_) continue;
      if (step(kept.value) == step(floor_)) {
        if (at_floor == 0) continue;
        --at_floor;
      }
      if (kept.value >= least) best.push_back(kept);
    }
    return best;
  }

 private:
  static constexpr int kLowBits = 4;
  static std::size_t step(std::uint16_t value) noexcept { return value >> kLowBits; }

  std::size_t n_;
  std::uint16_t floor_;
  std::size_t reached_ = 0;  // how many of those kept have at least the floor
  std::array<std::uint32_t, (65536 >> kLowBits)> counts_{};  // of those kept, by step
  std::vector<Kept> kept_;
};

}  // namespace enlace
