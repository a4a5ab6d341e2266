#include "pairs/pair_space.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace enlace {
namespace {

std::uint64_t triangle(std::uint64_t n) noexcept {
  return n < 2 ? 0 : n % 2 == 0 ? n / 2 * (n - 1) : (n - 1) / 2 * n;
}

/// The pair i < j with j (j - 1) / 2 + i == number.
PlacePair triangle_at(std::uint64_t number) noexcept {
  auto j = std::uint64_t((1 + std::sqrt(1 + 8 * double(number))) / 2);
  while (triangle(j) > number) --j;  // the root is rounded
  while (triangle(j + 1) <= number) ++j;
  return {std::uint32_t(number - triangle(j)), std::uint32_t(j)};
}

}  // namespace

void PairSpace::add(Block block, std::uint64_t pairs) {
  if (pairs == 0) return;
  block.before = size_;
  blocks_.push_back(block);
  size_ += pairs;
}

void PairSpace::add_triangle(PlaceRange range) {
  add({0, range, {}, true}, triangle(range.count));
}

void PairSpace::add_rectangle(PlaceRange range, PlaceRange others) {
  add({0, range, others, false}, std::uint64_t(range.count) * others.count);
}

PlacePair PairSpace::at(std::uint64_t number) const noexcept {
  const auto after =
      std::upper_bound(blocks_.begin(), blocks_.end(), number,
                       [](std::uint64_t n, const Block& block) { return n < block.before; });
  const Block& block = *(after - 1);
  const std::uint64_t inside = number - block.before;
  if (block.triangle) {
    const PlacePair pair = triangle_at(inside);
    return {block.range.first + pair.first, block.range.first + pair.second};
  }
  return {block.range.first + std::uint32_t(inside / block.others.count),
          block.others.first + std::uint32_t(inside % block.others.count)};
}

std::vector<std::uint64_t> sample_numbers(std::uint64_t bound, std::uint64_t count,
                                          Random& random) {
  std::vector<std::uint64_t> chosen;
  if (count >= bound) {
    chosen.resize(bound);
    std::iota(chosen.begin(), chosen.end(), std::uint64_t(0));
    return chosen;
  }
  chosen.reserve(count);
  for (std::uint64_t last = bound - count; last < bound; ++last) {
    const std::uint64_t drawn = random.below(last + 1);
    const auto place = std::lower_bound(chosen.begin(), chosen.end(), drawn);
    if (place != chosen.end() && *place == drawn) {
      chosen.push_back(last);  // above all drawn before
    } else {
      chosen.insert(place, drawn);
    }
  }
  return chosen;
}

}  // namespace enlace
