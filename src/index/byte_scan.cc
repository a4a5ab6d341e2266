#include "index/byte_scan.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "math/scan_panels.h"

namespace enlace {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Calls visit({first, count}) for the part of each group of rows in [begin, end) that `filter` may
/// allow some of.
template <class Visit>
void for_each_group(const RowFilter& filter, std::size_t begin, std::size_t end,
                    const Visit& visit) {
  for (std::size_t stop = begin; begin < end; begin = stop) {
    stop = std::min(end, (begin / kGroupRows + 1) * kGroupRows);
    if (filter.may_allow_within(begin, stop)) visit({begin, stop - begin});
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
    : sampled_(queries.size(), TopK(k)),
      candidates_(queries.size(), Candidates(k)),
      floors_(rounded_up(queries.size(), kPanelWidth), kInfinity),
      sums_(kGroupRows),
      bits_((kGroupRows + 31) / 32),
      found_(kGroupRows * kPanelWidth * std::min(queries.panels(), kMostScanPanels)) {
  for (std::size_t q = 0; q < queries.size(); ++q) {
    base_.push_back(queries.base(q));
    floors_[q] = -kInfinity;
  }
}

void ByteScan::sample(std::size_t begin, std::size_t end, ScanState& state) const {
  if (filter_.may_allow_within(begin, end)) rows_.prove(begin, end);
  for_each_group(filter_, begin, end, [&](Group group) {
    if (!find(group, &ByteQueries::estimates_from, state)) return;
    const ScanRows rows = rows_from(rows_, group.first);
    for (const auto [i, q, sum] : state.hits_) {
      const float score =
          rows.bias[i] + rows.scale[i] * (queries_.step(q) * float(sum) + queries_.zero(q));
      if (!(score >= state.floors_[q] && score < kInfinity)) continue;
      state.sampled_[q].offer({std::uint32_t(group.first + i), score});
      state.floors_[q] = state.sampled_[q].floor();
    }
  });
}

void ByteScan::scan(std::size_t begin, std::size_t end, ScanState& state) const {
  if (filter_.may_allow_within(begin, end)) rows_.prove(begin, end);
  for_each_group(filter_, begin, end, [&](Group group) {
    if (find(group, &ByteQueries::heads_from, state)) offer(group, state);
  });
}

/// Hits by heads with the sums of whole rows. Returns whether there are any.
bool ByteScan::find(Group group, ColumnsFrom columns_from, ScanState& state) const {
  state.hits_.clear();
  if (queries_.size() <= kFewQueries) {
    find_by_rows(group, columns_from, state);
  } else {
    find_by_panels(group, columns_from, state);
  }
  add_tails(group, state);
  return !state.hits_.empty();
}

/// Hits by heads, query after query.
void ByteScan::find_by_rows(Group group, ColumnsFrom columns_from, ScanState& state) const {
  const ScanKernels& kernels = scan_kernels();
  for (std::size_t q = 0; q < queries_.size(); ++q) {
    kernels.multiply_rows(rows_.heads.row(group.first).data(), rows_.heads.cols(), group.count,
                          queries_.row(q), state.sums_.data());
    if (kernels.find_in_rows(state.sums_.data(), group.count, rows_from(rows_, group.first),
                             (queries_.*columns_from)(q, &state.floors_[q]),
                             rows_.bounds[group.first / kGroupRows], state.bits_.data()) == 0) {
      continue;
    }
    for (std::size_t i = 0; i < group.count; ++i) {
      if ((state.bits_[i / 32] >> i % 32 & 1U) == 0) continue;
      state.hits_.push_back({std::uint32_t(i), std::uint32_t(q), state.sums_[i]});
    }
  }
}

/// Hits by heads, of all queries together.
void ByteScan::find_by_panels(Group group, ColumnsFrom columns_from, ScanState& state) const {
  const GroupBounds& bounds = rows_.bounds[group.first / kGroupRows];
  for (std::size_t panel = 0; panel < queries_.panels(); panel += kMostScanPanels) {
    const std::size_t column = panel * kPanelWidth;
    const ScanBlock block{rows_.heads.row(group.first).data(),
                          group.count,
                          rows_.heads.cols(),
                          queries_.panel(panel),
                          queries_.panel_stride(),
                          std::min(kMostScanPanels, queries_.panels() - panel)};
    const std::size_t count = find_in_panels()(
        block, rows_from(rows_, group.first),
        (queries_.*columns_from)(column, &state.floors_[column]), bounds, state.found_.data());
    for (ScanHit hit : std::span(state.found_).first(count)) {
      hit.column += std::uint32_t(column);
      state.hits_.push_back(hit);
    }
  }
}

/// Leaves those hits whose rows are allowed, and gives them the sums of whole rows.
void ByteScan::add_tails(Group group, ScanState& state) const {
  std::erase_if(state.hits_, [&](const ScanHit& hit) {
    return hit.column >= queries_.size() || !filter_.allows(group.first + hit.row);
  });
  if (rows_.tails.cols() == 0 || state.hits_.empty()) return;
  rows_.prove_tails(group.first, group.first + group.count);
  for (const ScanHit& hit : state.hits_) fetch(rows_.tails.row(group.first + hit.row));
  scan_kernels().add_products(state.hits_.data(), state.hits_.size(),
                              rows_.tails.row(group.first).data(), rows_.tails.cols(),
                              queries_.row(0) + rows_.heads.cols(), queries_.stride());
}

/// Offers those of the hits whose whole rows are enough: first by the bytes of the query, and then
/// by those of what they leave too.
void ByteScan::offer(Group group, ScanState& state) const {
  const GroupBounds& bounds = rows_.bounds[group.first / kGroupRows];
  const ScanRows rows = rows_from(rows_, group.first);
  std::erase_if(state.hits_, [&](const ScanHit& hit) {
    const auto terms = queries_.terms(hit.column, bounds);
    const float bound =
        rows.bias[hit.row] + rows.scale[hit.row] * (terms.step * float(hit.sum) + terms.shift);
    return !(bound + terms.margin >= state.floors_[hit.column]);
  });
  state.fine_hits_ = state.hits_;
  for (ScanHit& hit : state.fine_hits_) hit.sum = 0;
  const auto add_fine = [&](MatrixView<const std::uint8_t> bytes, std::size_t from) {
    if (bytes.cols() == 0) return;
    scan_kernels().add_products(state.fine_hits_.data(), state.fine_hits_.size(),
                                bytes.row(group.first).data(), bytes.cols(),
                                queries_.fine_row(0) + from, queries_.stride());
  };
  add_fine(rows_.heads, 0);
  add_fine(rows_.tails, rows_.heads.cols());

  for (std::size_t h = 0; h < state.hits_.size(); ++h) {
    const std::size_t i = state.hits_[h].row, q = state.hits_[h].column;
    const auto terms = queries_.fine_terms(q, bounds);
    const float fine = queries_.fine_step(q) * float(state.fine_hits_[h].sum);
    const float bound = rows.bias[i] + rows.scale[i] * (terms.step * float(state.hits_[h].sum) +
                                                        (fine + terms.shift));
    if (!(bound + terms.margin >= state.floors_[q])) continue;
    const float upper = queries_.base(q) + bound + terms.margin;
    const float lower = std::isfinite(upper) ? queries_.base(q) + bound -
                                                   (2 * rows.scale[i] * terms.spread + terms.margin)
                                             : -kInfinity;
    Candidates& candidates = state.candidates_[q];
    candidates.offer(std::uint32_t(group.first + i), lower, upper);
    state.floors_[q] = candidates.floor() - queries_.base(q);
  }
}

}  // namespace enlace
