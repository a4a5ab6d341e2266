// The pass over rows of bytes: which rows may be among a query's best k.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "index/byte_rows.h"
#include "index/row_filter.h"
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

  /// The functions of Candidates, for query q.
  void move_to(std::size_t q, std::vector<Neighbour>& to) { candidates_[q].move_to(to); }
  void raise_floor(std::size_t q, float score) {
    candidates_[q].raise_floor(score);
    floors_[q] = candidates_[q].floor() - base_[q];
  }

 private:
  friend class ByteScan;
  std::vector<Candidates> candidates_;  // by query
  std::vector<float> base_;             // by query
  std::vector<float> floors_;           // by query: less its base; infinite past the last
  std::vector<std::int32_t> sums_, tail_sums_;
  std::vector<std::uint32_t> hits_;
};

/// A batch of queries on its way through the rows. Borrows everything. Const is thread-safe.
class ByteScan {
 public:
  ByteScan(const ByteRows& rows, const ByteQueries& queries, const RowFilter& filter)
      : rows_(rows), queries_(queries), filter_(filter) {}

  /// Offers the allowed rows of [begin, end) to all queries. Throws Error(kCorrupt) if they are
  /// damaged.
  void scan(std::size_t begin, std::size_t end, ScanState& state) const;

 private:
  void scan_rows(std::size_t q, std::size_t first, std::size_t count, ScanState& state) const;
  void scan_panel(std::size_t panel, std::size_t first, std::size_t count, ScanState& state) const;
  std::int32_t head_sum(const std::int8_t* query, std::size_t row) const;
  std::int32_t tail_sum(const std::int8_t* query, std::size_t row) const;
  void offer(std::size_t q, std::size_t row, std::int32_t sum, ScanState& state) const;

  const ByteRows& rows_;
  const ByteQueries& queries_;
  const RowFilter& filter_;
};

}  // namespace enlace
