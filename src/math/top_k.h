// The best k of many scored rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace enlace {

/// A row of an index and its score; higher is better.
struct Neighbour {
  std::uint32_t row;
  float score;

  bool operator==(const Neighbour&) const = default;
};

/// The order of results: by falling score, then by rising row.
inline bool better(const Neighbour& a, const Neighbour& b) noexcept {
  return a.score != b.score ? a.score > b.score : a.row < b.row;
}

/// Keeps the best k of the neighbours offered. What it keeps does not depend on the order of the
/// offers. Cost of an offer: O(1) if it is not among the best so far, else O(log k).
class TopK {
 public:
  explicit TopK(std::size_t k) : k_(k) { heap_.reserve(k); }

  /// The score below which offers are in vain; -infinity until k are kept.
  float floor() const noexcept {
    return heap_.size() < k_ ? -std::numeric_limits<float>::infinity() : heap_.front().score;
  }

  void offer(Neighbour neighbour) {
    if (heap_.size() < k_) {
      heap_.push_back(neighbour);
      std::push_heap(heap_.begin(), heap_.end(), better);
    } else if (k_ > 0 && better(neighbour, heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), better);
      heap_.back() = neighbour;
      std::push_heap(heap_.begin(), heap_.end(), better);
    }
  }

  /// The kept neighbours, best first; leaves none behind.
  std::vector<Neighbour> take() {
    std::sort_heap(heap_.begin(), heap_.end(), better);
    return std::move(heap_);
  }

 private:
  std::size_t k_;
  std::vector<Neighbour> heap_;  // the worst of the best in front
};

}  // namespace enlace
