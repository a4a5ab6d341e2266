#include "index/byte_scan.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>

#include "math/scan_kernels.h"

namespace enlace {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::size_t kFewQueries = 8;  // as many as are cheaper one by one
constexpr std::size_t kManyHits = 8;    // one hit among so many products: all tails are cheaper

/// Calls visit(first, count) for the part of each group of rows in [begin, end) that `filter` may
/// allow some of.
template <class Visit>
void for_each_group(const RowFilter& filter, std::size_t begin, std::size_t end,
                    const Visit& visit) {
  for (std::size_t stop = begin; begin < end; begin = stop) {
    stop = std::min(end, (begin / kGroupRows + 1) * kGroupRows);
    if (filter.may_allow_within(begin, stop)) visit(begin, stop - begin);
  }
}

/// Asks the memory for bytes that will be needed soon.
void fetch(std::span<const std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += 64) __builtin_prefetch(bytes.data() + i);
}

ScanRows rows_from(const ByteRows& rows, std::size_t first) {
  return {&rows.scales[first], &rows.biases[first], &rows.rests[first]};
}

}  // namespace

void Candidates::move_to(std::vector<Neighbour>& to) {
  prune();
  to.insert(to.end(), rows_.begin(), rows_.end());
  rows_.clear();
}

void Candidates::prune() {
  std::erase_if(rows_, [floor = floor()](const Neighbour& row) { return row.score < floor; });
  limit_ = std::max(limit_, 2 * rows_.size());
}

ScanState::ScanState(const ByteQueries& queries, std::size_t k)
    : candidates_(queries.size(), Candidates(k)),
      floors_(rounded_up(queries.size(), kPanelWidth), kInfinity),
      sums_(kGroupRows * kPanelWidth),
      tail_sums_(kGroupRows * kPanelWidth),
      hits_(kGroupRows) {
  for (std::size_t q = 0; q < queries.size(); ++q) {
    base_.push_back(queries.base(q));
    floors_[q] = -kInfinity;
  }
}

void ByteScan::scan(std::size_t begin, std::size_t end, ScanState& state) const {
  if (filter_.may_allow_within(begin, end)) rows_.prove(begin, end);
  for_each_group(filter_, begin, end, [&](std::size_t first, std::size_t count) {
    if (queries_.size() <= kFewQueries) {
      for (std::size_t q = 0; q < queries_.size(); ++q) scan_rows(q, first, count, state);
    } else {
      for (std::size_t panel = 0; panel < queries_.panels(); ++panel) {
        scan_panel(panel, first, count, state);
      }
    }
  });
}

/// Some rows of one group with one query.
void ByteScan::scan_rows(std::size_t q, std::size_t first, std::size_t count,
                         ScanState& state) const {
  const ScanKernels& kernels = scan_kernels();
  kernels.multiply_rows(rows_.heads.row(first).data(), rows_.heads.cols(), count, queries_.row(q),
                        state.sums_.data());
  if (kernels.find_in_rows(state.sums_.data(), count, rows_from(rows_, first),
                           queries_.heads_from(q, &state.floors_[q]),
                           rows_.bounds[first / kGroupRows], state.hits_.data()) == 0) {
    return;
  }
  const auto is_hit = [&](std::size_t i) {
    return (state.hits_[i / 32] >> i % 32 & 1U) != 0 && filter_.allows(first + i);
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (is_hit(i)) fetch(rows_.tails.row(first + i));
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_hit(i)) continue;
    offer(q, first + i, state.sums_[i] + tail_sum(queries_.row(q), first + i), state);
  }
}

/// Some rows of one group with one panel of queries.
void ByteScan::scan_panel(std::size_t panel, std::size_t first, std::size_t count,
                          ScanState& state) const {
  const auto multiply = products().multiply_int8;
  const std::size_t head = rows_.heads.cols(), tail = rows_.tails.cols();
  const std::size_t offset = panel * kPanelWidth;
  const std::size_t queries = std::min(kPanelWidth, queries_.size() - offset);
  multiply(rows_.heads.row(first).data(), head, count, queries_.panel(panel), head,
           state.sums_.data(), kPanelWidth);

  const std::size_t found =
      scan_kernels().find_in_panel(state.sums_.data(), count, rows_from(rows_, first),
                                   queries_.heads_from(offset, &state.floors_[offset]),
                                   rows_.bounds[first / kGroupRows], state.hits_.data());
  if (found == 0) return;

  const bool together = tail > 0 && found > count * kPanelWidth / kManyHits;
  if (together) {
    rows_.prove_tails(first, first + count);
    multiply(rows_.tails.row(first).data(), tail, count, queries_.panel(panel) + head * kPanelWidth,
             tail, state.tail_sums_.data(), kPanelWidth);
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      if (state.hits_[i] != 0) fetch(rows_.tails.row(first + i));
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t hits = state.hits_[i];
    if (hits == 0 || !filter_.allows(first + i)) continue;
    for (; hits != 0; hits &= hits - 1) {
      const auto j = static_cast<std::size_t>(std::countr_zero(hits));
      if (j >= queries) break;  // infinite biases reach the floors that are not there
      const std::size_t at = i * kPanelWidth + j;
      const std::int32_t rest =
          together ? state.tail_sums_[at] : tail_sum(queries_.row(offset + j), first + i);
      offer(offset + j, first + i, state.sums_[at] + rest, state);
    }
  }
}

std::int32_t ByteScan::head_sum(const std::int8_t* query, std::size_t row) const {
  std::int32_t sum;
  scan_kernels().multiply_rows(rows_.heads.row(row).data(), rows_.heads.cols(), 1, query, &sum);
  return sum;
}

std::int32_t ByteScan::tail_sum(const std::int8_t* query, std::size_t row) const {
  if (rows_.tails.cols() == 0) return 0;
  rows_.prove_tails(row, row + 1);
  std::int32_t sum;
  scan_kernels().multiply_rows(rows_.tails.row(row).data(), rows_.tails.cols(), 1,
                               query + rows_.heads.cols(), &sum);
  return sum;
}

/// A row whose head is not enough, with its whole sum: first by the bytes of the query, and if that
/// is not enough either by those of what they leave.
void ByteScan::offer(std::size_t q, std::size_t row, std::int32_t sum, ScanState& state) const {
  const GroupBounds& group = rows_.bounds[row / kGroupRows];
  const float scale = rows_.scales[row], bias = rows_.biases[row];
  const auto rough = queries_.terms(q, group);
  const float rough_bound = bias + scale * (rough.step * float(sum) + rough.shift);
  if (!(rough_bound + rough.margin >= state.floors_[q])) return;

  const std::int8_t* fine_row = queries_.fine_row(q);
  const float fine_sum = float(head_sum(fine_row, row) + tail_sum(fine_row, row));
  const auto terms = queries_.fine_terms(q, group);
  const float bound =
      bias + scale * (terms.step * float(sum) + (queries_.fine_step(q) * fine_sum + terms.shift));
  if (!(bound + terms.margin >= state.floors_[q])) return;
  const float upper = queries_.base(q) + bound + terms.margin;
  const float lower = std::isfinite(upper)
                          ? queries_.base(q) + bound - (2 * scale * terms.spread + terms.margin)
                          : -kInfinity;
  Candidates& candidates = state.candidates_[q];
  candidates.offer(std::uint32_t(row), lower, upper);
  state.floors_[q] = candidates.floor() - queries_.base(q);
}

}  // namespace enlace
