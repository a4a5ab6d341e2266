#include "text/merge_table.h"

#include <bit>

namespace enlace {

MergeTable::MergeTable(std::span<const BpeMerge> merges) {
  slots_.assign(std::bit_ceil(2 * merges.size() + 2), Slot{kEmpty, {}});
  mask_ = slots_.size() - 1;
  for (const BpeMerge& merge : merges) {
    const std::uint64_t pair = pair_of(merge.left, merge.right);
    std::size_t at = place_of(pair);
    while (slots_[at].pair != kEmpty && slots_[at].pair != pair) at = (at + 1) & mask_;
    slots_[at] = {pair, {merge.rank, merge.merged}};
  }
}

}  // namespace enlace
