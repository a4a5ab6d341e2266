#include "index/row_estimates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <utility>

#include "index/row_trees.h"

namespace enlace {
namespace {

constexpr std::size_t kWordOctets = 64;
constexpr std::size_t kAhead = 16;  // octets from one whose factors are asked of memory

/// Rows with less than this part of the k-th estimate are hardly ever among the best k.
constexpr double kLeastPart = 0.8;

}  // namespace

RowEstimates::RowEstimates(const NgramLists& lists, const PagedArray<std::uint16_t>& factors,
                           std::size_t rows, const RowFilter& filter, NgramWorkspace& workspace)
    : lists_(lists), factors_(factors), rows_(rows), filter_(filter), workspace_(workspace) {}

PromisingRows RowEstimates::greatest(const BestValues& octets, std::size_t most, std::size_t k) {
  const ChosenOctets chosen = choose(octets);
  add_up(chosen);
  BestValues best(most), kth(k);
  const std::span<const std::uint16_t> all_factors = factors_.unproved();
  for (std::size_t slot = 0; slot < chosen.count; ++slot) {
    const std::size_t later = std::min(slot + kAhead, chosen.count - 1);
    __builtin_prefetch(all_factors.data() + std::size_t{chosen.numbers[later]} * kTreeOctetRows);
    const std::uint32_t first = chosen.numbers[slot] * std::uint32_t{kTreeOctetRows};
    const std::uint16_t* factors = factors_.slice(first, first + kTreeOctetRows).data();
    const std::uint16_t* sums = workspace_.row_sums.data() + slot * kTreeOctetRows;
    std::array<std::uint16_t, kTreeOctetRows> estimates;
    std::uint16_t greatest = 1;
    for (std::size_t i = 0; i < kTreeOctetRows; ++i) {
      estimates[i] = static_cast<std::uint16_t>(std::uint32_t{sums[i]} * factors[i] >> 16);
      greatest = std::max(greatest, estimates[i]);
    }
    if (greatest < best.floor()) continue;  // so it is with most
    for (std::uint32_t i = 0; i < kTreeOctetRows; ++i) {
      if (sums[i] == 0 || first + i >= rows_ || !filter_.allows(first + i)) continue;
      const std::uint16_t estimate = std::max<std::uint16_t>(estimates[i], 1);
      best.offer(estimate, first + i);
      kth.offer(estimate, first + i);
    }
  }
  const auto least = static_cast<std::uint16_t>(std::max(1.0, kLeastPart * double(kth.floor())));
  PromisingRows promising{best.take(least), least};
  std::ranges::stable_sort(promising.rows, std::greater<>(), &BestValues::Kept::value);
  return promising;
}

/// Lays the octets out for the kernels.
ChosenOctets RowEstimates::choose(const BestValues& octets) {
  auto& [numbers, bits, groups, chunks, before] = workspace_.chosen;
  numbers.clear();
  for (const auto& kept : octets.take()) numbers.push_back(kept.thing);
  const std::size_t all_chunks = factors_.size() / kTreeChunkRows;
  bits.assign(all_chunks * kTreeChunkOctets / kWordOctets, 0);
  groups.assign(all_chunks, 0);
  before.assign(bits.size(), 0);
  for (const std::uint32_t octet : numbers) {
    bits[octet / kWordOctets] |= std::uint64_t{1} << octet % kWordOctets;
    groups[octet / kTreeChunkOctets] |= std::uint64_t{1} << octet / 8 % 64;
    ++before[octet / kWordOctets];
  }
  chunks.clear();
  for (std::uint32_t chunk = 0; chunk < all_chunks; ++chunk) {
    if (groups[chunk] != 0) chunks.push_back(chunk);
  }
  std::uint32_t sum = 0;
  for (std::uint32_t& count : before) sum += std::exchange(count, sum);
  return {bits.data(),   before.data(),  groups.data(), chunks.data(),
          chunks.size(), numbers.data(), numbers.size()};
}

/// Makes the sums of the rows of the chosen octets.
void RowEstimates::add_up(const ChosenOctets& chosen) {
  auto& sums = workspace_.row_sums;
  sums.assign(chosen.count * kTreeOctetRows, 0);
  const std::size_t places = factors_.size() / kTreeChunkRows + 1;
  for (std::size_t i = 0; i < lists_.trees.size(); ++i) {
    const auto& tree = lists_.trees[i];
    sparse_kernels().add_low(tree.rows, workspace_.places.data() + i * places, chosen, tree.to_row,
                             sums.data());
  }
  for (const auto& list : lists_.lists) {
    for (const std::uint32_t row : list.rows) {
      const std::uint32_t octet = row / kTreeOctetRows;
      const std::uint64_t bit = std::uint64_t{1} << octet % kWordOctets;
      const std::uint64_t word = chosen.octets[octet / kWordOctets];
      if ((word & bit) == 0) continue;
      const std::size_t slot =
          chosen.before[octet / kWordOctets] + std::size_t(std::popcount(word & (bit - 1)));
      std::uint16_t& sum = sums[slot * kTreeOctetRows + row % kTreeOctetRows];
      sum = static_cast<std::uint16_t>(sum + list.to_row);
    }
  }
}

}  // namespace enlace
