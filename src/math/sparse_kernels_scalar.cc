#include "math/bit_tree_walk.h"
#include "math/sparse_kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kGroup = 64;

void add_weights(const std::uint64_t* const* bitmaps, const std::int32_t* weights,
                 std::size_t count, std::int32_t* sums, std::size_t n) noexcept {
  for (std::size_t b = 0; b < count; ++b) {
    for (std::size_t word = 0; word < n / kGroup; ++word) {
      for (std::uint64_t bits = bitmaps[b][word]; bits != 0; bits &= bits - 1) {
        std::int32_t& sum = sums[word * kGroup + std::size_t(__builtin_ctzll(bits))];
        sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) +
                                        static_cast<std::uint32_t>(weights[b]));
      }
    }
  }
}

void group_maxima(const std::int32_t* sums, const float* scales, std::size_t n,
                  float* maxima) noexcept {
  for (std::size_t group = 0; group < n / kGroup; ++group) {
    float maximum = 0;
    for (std::size_t i = group * kGroup; i < (group + 1) * kGroup; ++i) {
      const float scaled = float(sums[i]) * scales[i];
      maximum = scaled > maximum ? scaled : maximum;
    }
    maxima[group] = maximum;
  }
}

void find_at_least(const std::int32_t* sums, const float* scales, std::size_t n, float floor,
                   std::uint64_t* hits) noexcept {
  for (std::size_t group = 0; group < n / kGroup; ++group) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < kGroup; ++i) {
      const std::size_t at = group * kGroup + i;
      bits |= std::uint64_t{float(sums[at]) * scales[at] >= floor} << i;
    }
    hits[group] = bits;
  }
}

void add_middle(const BitTree& tree, std::size_t first, std::size_t end, std::uint8_t weight,
                std::uint8_t* sums, TreePlace* places) noexcept {
  walk_middle(tree, first, end, sums, places,
              [=](std::uint64_t top, const std::uint8_t* bytes, std::uint8_t* all) {
                std::uint32_t found = 0;
                for (; top != 0; top &= top - 1, ++bytes) {
                  std::uint8_t* eight = all + 8 * std::size_t(__builtin_ctzll(top));
                  for (std::size_t i = 0; i < 8; ++i) {
                    eight[i] = static_cast<std::uint8_t>(eight[i] + (*bytes >> i & 1) * weight);
                  }
                  found += ones(std::uint64_t{*bytes});
                }
                return found;
              });
}

void add_low(const BitTree& tree, const TreePlace* places, const ChosenOctets& chosen,
             std::uint16_t weight, std::uint16_t* sums) noexcept {
  walk_low(tree, places, chosen, sums, [=](std::uint8_t byte, std::uint16_t* eight) {
    for (std::size_t i = 0; i < 8; ++i) {
      eight[i] = static_cast<std::uint16_t>(eight[i] + (byte >> i & 1) * weight);
    }
  });
}

std::size_t find_products(const std::uint8_t* sums, const std::uint16_t* factors, std::size_t n,
                          std::uint16_t floor, std::uint32_t* found) noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t product = std::uint32_t{sums[i]} * factors[i] >> 8;
    if (product >= floor) found[count++] = static_cast<std::uint32_t>(i << 16) | product;
  }
  return count;
}

}  // namespace

const SparseKernels kScalarSparseKernels{"scalar",   add_weights, group_maxima, find_at_least,
                                         add_middle, add_low,     find_products};

}  // namespace enlace
