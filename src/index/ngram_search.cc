// How a search finds the best rows without scoring every one.
//
// Per block of rows, the sums of weights are taken in 16 bits, rounded down, so that a row's rough
// score is at most its score and falls short of it by no more than a known slack. The k-th greatest
// of the maxima of groups of rows is a lower bound of the k-th best score. The rows within the
// slack of that bound are scored exactly. Long lists are bitmaps, added for all rows at once.
#include <algorithm>
#include <cmath>
#include <functional>

#include "base/parallel.h"
#include "index/ngram_index.h"
#include "math/sparse_kernels.h"

namespace enlace {

using namespace ngram_format;  // NOLINT(google-build-using-namespace): the bytes of an index

namespace {

constexpr std::size_t kGroup = 64;

/// The weights of a query by term, for as long as this lives.
class WeightsByTerm {
 public:
  WeightsByTerm(const NgramQuery& query, std::size_t terms, NgramWorkspace& workspace)
      : query_(query), weights_(workspace.weights) {
    if (weights_.size() < terms) weights_.resize(terms);
    for (const auto& term : query.terms) weights_[term.term] = term.weight;
  }
  WeightsByTerm(const WeightsByTerm&) = delete;
  WeightsByTerm& operator=(const WeightsByTerm&) = delete;
  ~WeightsByTerm() {
    for (const auto& term : query_.terms) weights_[term.term] = 0;
  }

 private:
  const NgramQuery& query_;
  std::vector<float>& weights_;
};

/// Clears the values of the rows from `first` on that the filter does not allow.
void clear_others(const RowFilter& filter, std::size_t first, std::span<std::uint16_t> values) {
  for (std::size_t group = 0; group < values.size(); group += kGroup) {
    if (!filter.may_allow_within(first + group, first + group + kGroup)) {
      std::ranges::fill(values.subspan(group, kGroup), 0);
      continue;
    }
    for (std::size_t i = group; i < group + kGroup; ++i) {
      if (!filter.allows(first + i)) values[i] = 0;
    }
  }
}

}  // namespace

/// One search: a query's way through the blocks.
class NgramSearch {
 public:
  NgramSearch(const NgramIndex& index, const NgramQuery& query, std::size_t k,
              const RowFilter& filter, NgramWorkspace& workspace)
      : index_(index), k_(k), filter_(filter), workspace_(workspace), best_(k) {
    float greatest_sum = 0;
    for (const auto& term : query.terms) greatest_sum += term.weight * index.peaks_[term.term];
    unit_ = 65535.0F / greatest_sum * (1 - 0x1p-18F);  // the margin is for the rounding of floats
    slack_ = 4;                                        // three roundings down, and those of floats
    for (const auto& term : query.terms) {
      const std::uint32_t id = term.term;
      terms_.push_back({index.lists_.subspan(index.list_starts_[id],
                                             index.list_starts_[id + 1] - index.list_starts_[id]),
                        index.extras_.subspan(index.extra_starts_[id], index.extra_starts_[id + 1] -
                                                                           index.extra_starts_[id]),
                        term.weight * unit_});
      slack_ += terms_.back().extras.empty() ? 1 : 2;
    }
  }

  std::vector<Neighbour> run() {
    for (std::size_t first = 0; first < index_.size(); first += kBlockRows) {
      const std::size_t rows = std::min(kBlockRows, index_.size() - first);
      if (!filter_.may_allow_within(first, first + rows)) continue;
      add_up(first, rows);
      collect(first, rows);
    }
    return best_.take();
  }

 private:
  /// A term of the query, with what is left of its lists and extras.
  struct Term {
    std::span<const List> lists;
    std::span<const Extra> extras;
    float weight;  // in units of the sums
  };

  /// Makes the sums of the rows [first, first + rows).
  void add_up(std::size_t first, std::size_t rows) {
    const std::size_t padded = (rows + kGroup - 1) / kGroup * kGroup;
    auto& sums = workspace_.sums;
    if (sums.size() < kBlockRows) sums.resize(kBlockRows);
    std::fill_n(sums.begin(), padded, std::uint16_t{0});
    bitmaps_.clear();
    weights_.clear();
    for (Term& term : terms_) add_term(term, first, rows);
    sparse_kernels().add_weights(bitmaps_.data(), weights_.data(), bitmaps_.size(), sums.data(),
                                 padded);
    if (!filter_.everything()) clear_others(filter_, first, std::span(sums).first(padded));
  }

  void add_term(Term& term, std::size_t first, std::size_t rows) {
    const auto weight = static_cast<std::uint16_t>(term.weight);
    std::uint16_t* sums = workspace_.sums.data();
    const std::size_t block = first / kBlockRows;
    while (!term.lists.empty() && term.lists.front().block < block) {
      term.lists = term.lists.subspan(1);
    }
    if (term.lists.empty() || term.lists.front().block > block) return;
    const List list = term.lists.front();
    if (list.size >= kDenseSize) {
      bitmaps_.push_back(index_.bitmaps_.data() + list.begin);
      weights_.push_back(weight);
    } else {
      for (const std::uint16_t row : index_.postings_.subspan(list.begin, list.size)) {
        sums[row] = static_cast<std::uint16_t>(sums[row] + weight);
      }
    }
    const auto before = [](const Extra& extra, std::size_t row) { return extra.id < row; };
    auto extra = std::lower_bound(term.extras.begin(), term.extras.end(), first, before);
    for (; extra != term.extras.end() && extra->id < first + rows; ++extra) {
      std::uint16_t& sum = sums[extra->id - first];
      sum = static_cast<std::uint16_t>(sum + static_cast<std::uint16_t>(term.weight * extra->gain));
    }
  }

  /// Offers the rows whose sums may be among the best.
  void collect(std::size_t first, std::size_t rows) {
    const std::size_t groups = (rows + kGroup - 1) / kGroup;
    const std::uint16_t* sums = workspace_.sums.data();
    const std::uint16_t* factors = index_.factors_.data() + first;
    auto& maxima = workspace_.maxima;
    auto& hits = workspace_.hits;
    maxima.resize(groups);
    hits.resize(groups);
    sparse_kernels().group_maxima(sums, factors, groups * kGroup, maxima.data());
    float floor = best_.floor() / index_.greatest_scale_ * unit_;
    if (k_ <= groups) {
      const auto kth = maxima.begin() + std::ptrdiff_t(k_ - 1);
      std::ranges::nth_element(maxima, kth, std::greater<>());
      floor = std::max(floor, float(*kth));
    }
    const auto least = static_cast<std::uint16_t>(std::clamp(floor - slack_, 0.0F, 65535.0F));
    sparse_kernels().find_at_least(sums, factors, groups * kGroup, least, hits.data());
    for (std::size_t group = 0; group < groups; ++group) {
      for (std::uint64_t bits = hits[group]; bits != 0; bits &= bits - 1) {
        offer(first + group * kGroup + std::size_t(__builtin_ctzll(bits)));
      }
    }
  }

  void offer(std::size_t row) {
    if (row >= index_.size() || !filter_.allows(row)) return;
    const auto id = static_cast<std::uint32_t>(row);
    const float score = index_.score_row(id, workspace_.weights);
    if (score > 0 && score >= best_.floor()) best_.offer({id, score});
  }

  const NgramIndex& index_;
  std::size_t k_;
  const RowFilter& filter_;
  NgramWorkspace& workspace_;
  TopK best_;
  float unit_;   // of sums, per unit of unscaled weight
  float slack_;  // in units of scaled sums
  std::vector<Term> terms_;
  std::vector<const std::uint64_t*> bitmaps_;  // the long lists of a block, and their weights
  std::vector<std::uint16_t> weights_;
};

std::vector<Neighbour> NgramIndex::search(const NgramQuery& query, std::size_t k,
                                          const RowFilter& filter,
                                          NgramWorkspace& workspace) const {
  k = std::min(k, size());
  if (k == 0 || query.terms.empty()) return {};
  const WeightsByTerm weights(query, terms(), workspace);
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

std::vector<float> NgramIndex::score(const NgramQuery& query, std::span<const std::uint32_t> rows,
                                     NgramWorkspace& workspace) const {
  const WeightsByTerm weights(query, terms(), workspace);
  std::vector<float> scores;
  scores.reserve(rows.size());
  for (const std::uint32_t row : rows) scores.push_back(score_row(row, workspace.weights));
  return scores;
}

}  // namespace enlace
