#include "index/octet_bounds.h"

#include <algorithm>
#include <span>
#include <vector>

#include "index/row_trees.h"
#include "math/sparse_kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kBlockChunks = 16;  // whose sums stay in the first-level cache

}  // namespace

OctetBounds::OctetBounds(const NgramLists& lists, const PagedArray<std::uint16_t>& factors,
                         const RowFilter& filter, NgramWorkspace& workspace)
    : lists_(lists),
      factors_(factors),
      filter_(filter),
      workspace_(workspace),
      chunks_(factors.size() / kTreeChunkOctets) {}

BestValues OctetBounds::add_up(std::size_t most) {
  BestValues best(most);
  auto& sums = workspace_.octet_sums;
  sums.resize(chunks_ * kTreeChunkOctets);
  workspace_.found.resize(kBlockChunks * kTreeChunkOctets);
  const std::size_t places = chunks_ + 1;
  workspace_.places.resize(lists_.trees.size() * places);
  for (std::size_t i = 0; i < lists_.trees.size(); ++i) workspace_.places[i * places] = {0, 0};
  std::vector<std::size_t> next(lists_.lists.size());  // row of each list
  for (std::size_t first = 0; first < chunks_; first += kBlockChunks) {
    const std::size_t end = std::min(first + kBlockChunks, chunks_);
    std::fill(sums.begin() + std::ptrdiff_t(first * kTreeChunkOctets),
              sums.begin() + std::ptrdiff_t(end * kTreeChunkOctets), std::uint8_t{0});
    for (std::size_t i = 0; i < lists_.trees.size(); ++i) {
      const auto& tree = lists_.trees[i];
      sparse_kernels().add_middle(tree.rows, first, end, tree.to_octet, sums.data(),
                                  workspace_.places.data() + i * places);
    }
    add_up_lists(end, next);
    offer(first, end, best);
  }
  return best;
}

/// Adds the rows of lists up to the chunk `end`; each list goes on from its `next` row.
void OctetBounds::add_up_lists(std::size_t end, std::span<std::size_t> next) {
  auto& sums = workspace_.octet_sums;
  for (std::size_t i = 0; i < next.size(); ++i) {
    const auto& list = lists_.lists[i];
    std::size_t last = sums.size();
    for (; next[i] < list.rows.size() && list.rows[next[i]] < end * kTreeChunkRows; ++next[i]) {
      const std::size_t octet = list.rows[next[i]] / kTreeOctetRows;
      const unsigned weight = octet != last ? list.to_octet : 0;
      sums[octet] = static_cast<std::uint8_t>(sums[octet] + weight);
      last = octet;
    }
  }
}

BestValues OctetBounds::greatest(std::size_t most, std::uint16_t least) const {
  BestValues best(most, least);
  for (std::size_t first = 0; first < chunks_; first += kBlockChunks) {
    offer(first, std::min(first + kBlockChunks, chunks_), best);
  }
  return best;
}

/// Offers the octets of the chunks [first, end), a block at most, by their bounds.
void OctetBounds::offer(std::size_t first_chunk, std::size_t end_chunk, BestValues& best) const {
  const std::size_t first = first_chunk * kTreeChunkOctets, end = end_chunk * kTreeChunkOctets;
  const auto factors = factors_.slice(first, end);
  const std::size_t count =
      sparse_kernels().find_products(workspace_.octet_sums.data() + first, factors.data(),
                                     end - first, best.floor(), workspace_.found.data());
  for (const std::uint32_t found : std::span(workspace_.found).first(count)) {
    const auto octet = static_cast<std::uint32_t>(first + (found >> 16));
    if (allows_some_of(octet)) best.offer(static_cast<std::uint16_t>(found), octet);
  }
}

bool OctetBounds::allows_some_of(std::uint32_t octet) const noexcept {
  if (filter_.everything()) return true;
  const std::size_t first = std::size_t{octet} * kTreeOctetRows;
  for (std::size_t row = first; row < first + kTreeOctetRows; ++row) {
    if (filter_.allows(row)) return true;
  }
  return false;
}

}  // namespace enlace
