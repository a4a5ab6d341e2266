#include "sources/rf2_dialects.h"

#include <algorithm>
#include <bit>

namespace enlace {

bool Rf2Dialects::add(std::uint64_t refset, std::uint64_t description, bool preferred) {
  const auto at = std::find(refsets_.begin(), refsets_.end(), refset);
  const auto number = std::size_t(at - refsets_.begin());
  if (at == refsets_.end()) {
    if (refsets_.size() == kMostRefsets) return false;
    refsets_.push_back(refset);
  }
  const auto [index, is_new] = descriptions_.add(description);
  if (is_new) sets_.emplace_back();
  (preferred ? sets_[index].preferred : sets_[index].acceptable) |= 1U << number;
  return true;
}

void Rf2Dialects::choose(const std::vector<std::uint64_t>& refsets) {
  chosen_ = 0;
  ranks_.assign(refsets_.size(), kNotPreferred);
  for (std::size_t rank = 0; rank < refsets.size(); ++rank) {
    const auto at = std::find(refsets_.begin(), refsets_.end(), refsets[rank]);
    if (at == refsets_.end()) continue;
    ranks_[std::size_t(at - refsets_.begin())] = std::uint8_t(std::min<std::size_t>(rank, 254));
    chosen_ |= 1U << (at - refsets_.begin());
  }
}

Rf2Dialects::Answer Rf2Dialects::of(std::uint64_t description) const noexcept {
  const std::uint32_t index = descriptions_.find(description);
  if (index == IdMap::kNone) return {false, kNotPreferred};
  std::uint8_t rank = kNotPreferred;
  for (std::uint32_t left = sets_[index].preferred & chosen_; left != 0; left &= left - 1) {
    rank = std::min(rank, ranks_[std::size_t(std::countr_zero(left))]);
  }
  return {((sets_[index].preferred | sets_[index].acceptable) & chosen_) != 0, rank};
}

}  // namespace enlace
