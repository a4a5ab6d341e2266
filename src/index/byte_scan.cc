#include "index/byte_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "math/scan_kernels.h"

namespace enlace {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::size_t kFewQueries = 6;  // as many as are cheaper one by one

/// Calls visit(begin, end, bounds) for each group's part of the rows [begin, end).
template <class Visit>
void for_each_group(const ByteRows& rows, std::size_t begin, std::size_t end, const Visit& visit) {
  while (begin < end) {
    const std::size_t group = begin / kGroupRows;
    const std::size_t stop = std::min(end, (group + 1) * kGroupRows);
    visit(begin, stop, rows.bounds[group]);
    begin = stop;
  }
}

}  // namespace

void Candidates::merge(Candidates&& other) {
  for (const Neighbour& lower : other.lower_.take()) lower_.offer(lower);
  rows_.insert(rows_.end(), other.rows_.begin(), other.rows_.end());
  prune();
}

std::vector<Neighbour> Candidates::take() {
  prune();
  std::sort(rows_.begin(), rows_.end(), better);
  return std::move(rows_);
}

void Candidates::prune() {
  std::erase_if(rows_, [floor = floor()](const Neighbour& row) { return row.score < floor; });
  limit_ = std::max(limit_, 2 * rows_.size());
}

ScanState::ScanState(std::size_t queries, std::size_t k)
    : candidates(queries, Candidates(k)),
      floors_(rounded_up(queries, kPanelWidth), kInfinity),
      sums_(kGroupRows * kPanelWidth),
      hits_(kGroupRows) {
  std::fill_n(floors_.begin(), queries, -kInfinity);
}

void ByteScan::scan(std::size_t begin, std::size_t end, ScanState& state) const {
  if (queries_.size() > kFewQueries) return scan_panels(begin, end, state);
  for_each_group(rows_, begin, end, [&](std::size_t first, std::size_t last, const GroupBounds&) {
    for (std::size_t q = 0; q < queries_.size(); ++q) scan_one(q, first, last, state);
  });
}

void ByteScan::scan_one(std::size_t q, std::size_t begin, std::size_t end, ScanState& state) const {
  const ScanKernels& kernels = scan_kernels();
  for_each_group(
      rows_, begin, end, [&](std::size_t first, std::size_t last, const GroupBounds& bounds) {
        if (!filter_.may_allow_within(first, last)) return;
        kernels.multiply_rows(rows_.bytes.row(first).data(), rows_.bytes.cols(), last - first,
                              queries_.row(q), state.sums_.data());
        const auto terms = queries_.terms(q, bounds);
        const float floor = state.floors_[q] - queries_.base(q) - terms.margin;
        if (kernels.find_in_rows(state.sums_.data(), last - first,
                                 {&rows_.scales[first], &rows_.biases[first]},
                                 {&terms.step, &terms.shift, &floor}, state.hits_.data()) == 0) {
          return;
        }
        for (std::size_t row = first; row < last; ++row) {
          const std::size_t i = row - first;
          if ((state.hits_[i / 32] >> i % 32 & 1U) == 0 || !filter_.allows(row)) continue;
          offer(q, row, state.sums_[i], terms, state);
        }
      });
}

void ByteScan::scan_panels(std::size_t begin, std::size_t end, ScanState& state) const {
  const ScanKernels& kernels = scan_kernels();
  const auto multiply = products().multiply_int8;
  const std::size_t stride = rows_.bytes.cols();
  std::array<ByteQueries::Terms, kPanelWidth> terms;
  std::array<float, kPanelWidth> step{}, shift{}, floor;
  for_each_group(
      rows_, begin, end, [&](std::size_t first, std::size_t last, const GroupBounds& bounds) {
        if (!filter_.may_allow_within(first, last)) return;
        for (std::size_t panel = 0; panel < queries_.panels(); ++panel) {
          const std::size_t offset = panel * kPanelWidth;
          const std::size_t count = std::min(kPanelWidth, queries_.size() - offset);
          multiply(rows_.bytes.row(first).data(), stride, last - first, queries_.panel(panel),
                   stride, state.sums_.data(), kPanelWidth);
          floor.fill(kInfinity);
          for (std::size_t j = 0; j < count; ++j) {
            terms[j] = queries_.terms(offset + j, bounds);
            step[j] = terms[j].step;
            shift[j] = terms[j].shift;
            floor[j] = state.floors_[offset + j] - queries_.base(offset + j) - terms[j].margin;
          }
          if (kernels.find_in_panel(
                  state.sums_.data(), last - first, {&rows_.scales[first], &rows_.biases[first]},
                  {step.data(), shift.data(), floor.data()}, state.hits_.data()) == 0) {
            continue;
          }
          for (std::size_t row = first; row < last; ++row) {
            std::uint32_t hits = state.hits_[row - first];
            if (hits == 0 || !filter_.allows(row)) continue;
            for (; hits != 0; hits &= hits - 1) {
              const auto j = static_cast<std::size_t>(std::countr_zero(hits));
              if (j >= count) break;  // infinite biases reach the floors that are not there
              offer(offset + j, row, state.sums_[(row - first) * kPanelWidth + j], terms[j], state);
            }
          }
        }
      });
}

void ByteScan::offer(std::size_t q, std::size_t row, std::int32_t sum,
                     const ByteQueries::Terms& terms, ScanState& state) const {
  const float scale = rows_.scales[row];
  const float bound =
      queries_.base(q) + (rows_.biases[row] + scale * (terms.step * float(sum) + terms.shift));
  const float upper = bound + terms.margin;
  const float lower =
      std::isfinite(upper) ? bound - (2 * scale * terms.spread + terms.margin) : -kInfinity;
  if (!(upper >= state.floors_[q])) return;  // it rose meanwhile
  Candidates& candidates = state.candidates[q];
  candidates.offer(std::uint32_t(row), lower, upper);
  state.floors_[q] = candidates.floor();
}

}  // namespace enlace
