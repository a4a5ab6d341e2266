// How a search finds the best rows without looking at every one.
//
// Per block of rows, the weights of the query's terms are added up: those of short lists row by
// row, those of long lists, which are bitmaps, for all rows at once. The k-th greatest of the
// maxima of groups of rows is a lower bound of the k-th best score, and only the rows that reach it
// are offered to the best k.
#include <algorithm>
#include <functional>
#include <limits>

#include "base/parallel.h"
#include "index/ngram_index.h"
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
class NgramSearch {
 public:
  NgramSearch(const NgramIndex& index, const NgramQuery& query, std::size_t k,
              const RowFilter& filter, NgramWorkspace& workspace)
      : index_(index), unit_(query.unit), k_(k), filter_(filter), workspace_(workspace), best_(k) {
    const auto run = [](const auto& values, const auto& starts, std::uint32_t term) {
      return values.subspan(starts[term], starts[term + 1] - starts[term]);
    };
    for (const auto& term : query.terms) {
      terms_.push_back({run(index.lists_, index.list_starts_, term.term),
                        run(index.extras_, index.extra_starts_, term.term), term.weight});
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
      collect(first, (end - first + kGroup - 1) / kGroup);
    }
    return best_.take();
  }

 private:
  /// A term of the query, with what is left of its lists and extras.
  struct Term {
    std::span<const List> lists;
    std::span<const Extra> extras;
    std::int32_t weight;
  };

  /// Makes the sums of the rows [first, end).
  void add_up(std::size_t first, std::size_t end) {
    const auto sums =
        std::span(workspace_.sums).first((end - first + kGroup - 1) / kGroup * kGroup);
    std::ranges::fill(sums, 0);
    bitmaps_.clear();
    weights_.clear();
    for (Term& term : terms_) {
      add_list(term, first / kBlockRows);
      add_extras(term, first, end);
    }
    sparse_kernels().add_weights(bitmaps_.data(), weights_.data(), bitmaps_.size(), sums.data(),
                                 sums.size());
    if (!filter_.everything()) clear_others(filter_, first, sums);
  }

  void add_list(Term& term, std::size_t block) {
    while (!term.lists.empty() && term.lists.front().block < block) {
      term.lists = term.lists.subspan(1);
    }
    if (term.lists.empty() || term.lists.front().block > block) return;
    const List list = term.lists.front();
    if (list.size >= kDenseSize) {
      bitmaps_.push_back(index_.bitmaps_.data() + list.begin);
      weights_.push_back(term.weight);
      return;
    }
    std::int32_t* sums = workspace_.sums.data();
    const std::int32_t weight = term.weight;
    for (const std::uint16_t row : index_.postings_.subspan(list.begin, list.size)) {
      add(sums[row], weight);
    }
  }

  void add_extras(Term& term, std::size_t first, std::size_t end) {
    std::int32_t* sums = workspace_.sums.data();
    const std::int32_t weight = term.weight;
    const auto before = [](const Extra& extra, std::size_t row) { return extra.id < row; };
    const Extra* extra = term.extras.data();
    const Extra* last = extra + term.extras.size();
    for (extra = std::lower_bound(extra, last, first, before); extra != last && extra->id < end;
         ++extra) {
      add(sums[extra->id - first], gained(weight, extra->gain));
    }
    term.extras = {extra, last};
  }

  /// Offers the rows of `groups` groups from `first` on that may be among the best.
  void collect(std::size_t first, std::size_t groups) {
    const std::int32_t* sums = workspace_.sums.data();
    const float* scales = index_.scales_.data() + first;
    const auto maxima = std::span(workspace_.maxima).first(groups);
    const auto hits = std::span(workspace_.hits).first(groups);
    sparse_kernels().group_maxima(sums, scales, groups * kGroup, maxima.data());
    float floor = best_.floor() / unit_;
    if (k_ <= groups) {
      const auto kth = maxima.begin() + std::ptrdiff_t(k_ - 1);
      std::ranges::nth_element(maxima, kth, std::greater<>());
      floor = std::max(floor, *kth);
    }
    // A little less, since scaled sums that differ may give equal scores; but above the sum 0 of
    // rows with no term of the query, or that the filter does not allow.
    floor = std::max(floor * (1 - 0x1p-20F), std::numeric_limits<float>::min());
    sparse_kernels().find_at_least(sums, scales, groups * kGroup, floor, hits.data());
    for (std::size_t group = 0; group < groups; ++group) {
      for (std::uint64_t bits = hits[group]; bits != 0; bits &= bits - 1) {
        const std::size_t i = group * kGroup + std::size_t(__builtin_ctzll(bits));
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
  std::vector<Term> terms_;
  std::vector<const std::uint64_t*> bitmaps_;  // the long lists of a block, and their weights
  std::vector<std::int32_t> weights_;
};

std::vector<Neighbour> NgramIndex::search(const NgramQuery& query, std::size_t k,
                                          const RowFilter& filter,
                                          NgramWorkspace& workspace) const {
  k = std::min(k, size());
  if (k == 0 || query.terms.empty()) return {};
  return NgramSearch(*this, query, k, filter, workspace).run();
}

std::vector<Neighbour> NgramIndex::search(std::string_view query, std::size_t k,
                                          const RowFilter& filter) const {
  NgramWorkspace workspace;
  return search(prepare(query), k, filter, workspace);
}

std::vector<std::vector<Neighbour>> NgramIndex::search(std::span<const std::string_view> queries,
                                                       std::size_t k, const RowFilter& filter,
                                                       std::size_t workers) const {
  std::vector<std::vector<Neighbour>> results(queries.size());
  std::vector<NgramWorkspace> workspaces(std::max<std::size_t>(1, workers));
  parallel_for(workers, queries.size(), [&](std::size_t worker, std::size_t i) {
    results[i] = search(prepare(queries[i]), k, filter, workspaces[worker]);
  });
  return results;
}

}  // namespace enlace
