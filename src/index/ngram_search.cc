// How an exact search finds the best rows without looking at every one.
//
// Per block of rows, the weights of the query's terms are added up: those of short lists row by
// row, those of long lists, which are bitmaps, for all rows at once. The k-th greatest of the
// maxima of groups of rows is a lower bound of the k-th best score, and only the rows that reach it
// are offered to the best k.
#include <algorithm>
#include <functional>
#include <limits>

#include "base/error.h"
#include "index/ngram_index.h"
#include "index/ngram_shortlist.h"
#include "index/ngram_weights.h"
#include "math/sparse_kernels.h"

namespace enlace {

using namespace ngram_format;  // NOLINT(google-build-using-namespace): the bytes of an index

namespace {

/// Adds as the kernels do: a file that disagrees with itself may overflow.
void add(std::int32_t& sum, std::int32_t weight) noexcept {
  sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) +
                                  static_cast<std::uint32_t>(weight));
}

/// Clears the sums of the rows from `first` on that the filter does not allow.
void clear_others(const RowFilter& filter, std::size_t first, std::span<std::int32_t> sums) {
  for (std::size_t group = 0; group < sums.size(); group += kGroup) {
    if (!filter.may_allow_within(first + group, first + group + kGroup)) {
      std::ranges::fill(sums.subspan(group, kGroup), 0);
      continue;
    }
    for (std::size_t i = group; i < group + kGroup; ++i) {
      if (!filter.allows(first + i)) sums[i] = 0;
    }
  }
}

}  // namespace

/// One search: a query's way through the blocks.
class ExactNgramSearch {
 public:
  ExactNgramSearch(const NgramIndex& index, const NgramQuery& query, std::size_t k,
                   const RowFilter& filter, NgramWorkspace& workspace)
      : index_(index), unit_(query.unit), k_(k), filter_(filter), workspace_(workspace), best_(k) {
    for (const auto& term : query.terms) {
      if (term.posted == NgramQuery::kNotPosted) continue;
      const auto list = index.list(term);
      if (list.shape.bitmap) {
        bitmaps_.push_back(list.words);
        weights_.push_back(term.weight);
      } else {
        lists_.push_back({RowListCursor(list.words, list.shape), term.weight});
      }
      const auto bounds = index.extra_starts_.slice(term.posted, term.posted + 2);
      extras_.push_back({index.extras_.slice(bounds[0], bounds[1]), term.weight});
    }
    workspace_.sums.resize(kBlockRows);
    workspace_.maxima.resize(kBlockRows / kGroup);
    workspace_.hits.resize(kBlockRows / kGroup);
  }

  std::vector<Neighbour> run() {
    for (std::size_t first = 0; first < index_.size(); first += kBlockRows) {
      const std::size_t end = std::min(index_.size(), first + kBlockRows);
      if (!filter_.may_allow_within(first, end)) continue;
      add_up(first, end);
      collect(first, padded(end - first) / kGroup);
    }
    return best_.take();
  }

 private:
  struct ShortList {
    RowListCursor rows;
    std::int32_t weight;
  };
  struct Extras {
    std::span<const Extra> left;
    std::int32_t weight;
  };

  /// Makes the sums of the rows [first, end).
  void add_up(std::size_t first, std::size_t end) {
    const auto sums = std::span(workspace_.sums).first(padded(end - first));
    std::ranges::fill(sums, 0);
    for (ShortList& list : lists_) {
      list.rows.visit(first, end, [all = sums.data(), weight = list.weight](std::uint32_t row) {
        add(all[row], weight);
      });
    }
    for (Extras& extras : extras_) add_extras(extras, first, end);
    bitmaps_of_block_.clear();
    for (const auto& bitmap : bitmaps_) bitmaps_of_block_.push_back(bitmap.data() + first / kGroup);
    sparse_kernels().add_weights(bitmaps_of_block_.data(), weights_.data(), weights_.size(),
                                 sums.data(), sums.size());
    if (!filter_.everything()) clear_others(filter_, first, sums);
  }

  void add_extras(Extras& extras, std::size_t first, std::size_t end) {
    const auto before = [](const Extra& extra, std::size_t row) { return extra.row < row; };
    auto extra = std::lower_bound(extras.left.begin(), extras.left.end(), first, before);
    for (; extra != extras.left.end() && extra->row < end; ++extra) {
      const bool sound = extra->row >= first && extra->gain >= 0 && extra->gain <= kMostLog;
      if (sound) add(workspace_.sums[extra->row - first], gained(extras.weight, extra->gain));
    }
    extras.left = {extra, extras.left.end()};
  }

  /// Offers the rows of `groups` groups from `first` on that may be among the best.
  void collect(std::size_t first, std::size_t groups) {
    const std::int32_t* sums = workspace_.sums.data();
    const auto scales = index_.scales_.slice(first, first + groups * kGroup);
    const auto maxima = std::span(workspace_.maxima).first(groups);
    const auto hits = std::span(workspace_.hits).first(groups);
    sparse_kernels().group_maxima(sums, scales.data(), scales.size(), maxima.data());
    float floor = best_.floor() / unit_;
    if (k_ <= groups) {
      const auto kth = maxima.begin() + std::ptrdiff_t(k_ - 1);
      std::ranges::nth_element(maxima, kth, std::greater<>());
      floor = std::max(floor, *kth);
    }
    // A little less, since scaled sums that differ may give equal scores; but above the sum 0 of
    // rows with no term of the query, or that the filter does not allow.
    floor = std::max(floor * (1 - 0x1p-20F), std::numeric_limits<float>::min());
    sparse_kernels().find_at_least(sums, scales.data(), scales.size(), floor, hits.data());
    const std::size_t rows = index_.size() - first;
    for (std::size_t group = 0; group < groups; ++group) {
      for (std::uint64_t bits = hits[group]; bits != 0; bits &= bits - 1) {
        const std::size_t i = group * kGroup + std::size_t(__builtin_ctzll(bits));
        if (i >= rows) break;  // a file that disagrees with itself has sums and scales there
        best_.offer({static_cast<std::uint32_t>(first + i), float(sums[i]) * scales[i] * unit_});
      }
    }
  }

  const NgramIndex& index_;
  float unit_;
  std::size_t k_;
  const RowFilter& filter_;
  NgramWorkspace& workspace_;
  TopK best_;
  std::vector<ShortList> lists_;
  std::vector<Extras> extras_;
  std::vector<std::span<const std::uint64_t>> bitmaps_;
  std::vector<std::int32_t> weights_;  // of the bitmaps
  std::vector<const std::uint64_t*> bitmaps_of_block_;
};

std::vector<Neighbour> NgramIndex::search(const NgramQuery& query, std::size_t k,
                                          const FormOf& form, const RowFilter& filter,
                                          NgramWorkspace& workspace) const {
  k = std::min(k, size());
  if (k == 0 || query.terms.empty()) return {};
  if (exact()) return ExactNgramSearch(*this, query, k, filter, workspace).run();
  return NgramShortlist(*this, query, k, form, filter, workspace).run();
}

}  // namespace enlace
