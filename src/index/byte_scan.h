// The pass over rows of bytes: which rows may be among a query's best k.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "index/byte_rows.h"
#include "index/row_filter.h"
#include "math/scan_kernels.h"
#include "math/top_k.h"

namespace enlace {

/// Rows whose score may reach the k-th best: every row with an upper bound at or above floor(),
/// which is never above the k-th best score: the k-th best of the lower bounds, or a score that k
/// rows are known to reach.
class Candidates {
 public:
  explicit Candidates(std::size_t k) : lower_(k), limit_(4 * k + 1024) {}

  float floor() const noexcept { return std::max(known_, lower_.floor()); }

  /// Requires lower <= score <= upper.
  void offer(std::uint32_t row, float lower, float upper) {
    lower_.offer({row, lower});
    rows_.push_back({row, upper});
    if (rows_.size() >= limit_) prune();
  }

  /// Moves the candidates with their upper bounds to the end of `to`.
  void move_to(std::vector<Neighbour>& to);

  /// k rows are known to reach `score`: those below are no candidates.
  void raise_floor(float score) { known_ = std::max(known_, score); }

 private:
  void prune();

  TopK lower_;
  float known_ = -std::numeric_limits<float>::infinity();
  std::vector<Neighbour> rows_;
  std::size_t limit_;
};

/// What one worker has found for each query of a batch, and its scratch.
class ScanState {
 public:
  ScanState(const ByteQueries& queries, std::size_t k);

  /// Moves what sample() found for query q to the end of `to`.
  void move_sampled(std::size_t q, std::vector<Neighbour>& to) {
    for (const Neighbour& row : sampled_[q].take()) to.push_back(row);
  }

  /// The functions of Candidates, for query q.
  void move_to(std::size_t q, std::vector<Neighbour>& to) { candidates_[q].move_to(to); }
  void raise_floor(std::size_t q, float score) {
    candidates_[q].raise_floor(score);
    floors_[q] = candidates_[q].floor() - base_[q];
  }

 private:
  friend class ByteScan;
  std::vector<TopK> sampled_;           // by query
  std::vector<Candidates> candidates_;  // by query
  std::vector<float> base_;             // by query
  std::vector<float> floors_;           // by query: less its base; infinite past the last
  std::vector<std::int32_t> sums_;      // of a group of rows with one query, and its bits
  std::vector<std::uint32_t> bits_;
  std::vector<ScanHit> found_;  // room for all products of a group with some panels
  std::vector<ScanHit> hits_, fine_hits_;
};

/// A batch of queries on its way through the rows. Borrows everything. Const is thread-safe.
class ByteScan {
 public:
  ByteScan(const ByteRows& rows, const ByteQueries& queries, const RowFilter& filter)
      : rows_(rows), queries_(queries), filter_(filter) {}

  /// Looks for k rows of [begin, end) that score high by estimate: k scores to be reached, which
  /// raise_floor() needs next. Throws as scan().
  void sample(std::size_t begin, std::size_t end, ScanState& state) const;

  /// Offers the allowed rows of [begin, end) to all queries. Throws Error(kCorrupt) if they are
  /// damaged.
  void scan(std::size_t begin, std::size_t end, ScanState& state) const;

 private:
  struct Group {
    std::size_t first, count;
  };

  using ColumnsFrom = ScanColumns (ByteQueries::*)(std::size_t q, const float*) const noexcept;

  bool find(Group group, ColumnsFrom columns_from, ScanState& state) const;
  void find_by_rows(Group group, ColumnsFrom columns_from, ScanState& state) const;
  void find_by_panels(Group group, ColumnsFrom columns_from, ScanState& state) const;
  void add_tails(Group group, ScanState& state) const;
  void offer(Group group, ScanState& state) const;

  const ByteRows& rows_;
  const ByteQueries& queries_;
  const RowFilter& filter_;
};

}  // namespace enlace
