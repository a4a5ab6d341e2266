#include "index/ngram_shortlist.h"

#include <algorithm>

#include "index/ngram_lists.h"
#include "index/ngram_scorer.h"
#include "index/octet_bounds.h"
#include "index/row_estimates.h"

namespace enlace {

namespace {

constexpr std::size_t kFewRows = 4096;  // are scored one and all
constexpr std::size_t kFirstOctets = 500;
constexpr std::size_t kFormsAhead = 16;  // rows from one whose form is asked of memory

/// A row has no more score for its estimate, as a rule, than the rows with greater ones had, times
/// this.
constexpr float kMoreForEstimate = 1.08F;

}  // namespace

std::vector<Neighbour> NgramShortlist::run() {
  if (filter_.count(index_.size()) <= kFewRows) return best_of_allowed();
  const auto lists = NgramLists::of(index_, query_, workspace_.list_rows);
  if (lists.empty()) return {};
  OctetBounds bounds(lists, index_.octet_factors_, filter_, workspace_);
  RowEstimates estimates(lists, index_.row_factors_, index_.size(), filter_, workspace_);
  const std::size_t most_rows = std::max(index_.effort_.rows, 4 * k_);

  const auto first = bounds.add_up(std::max(kFirstOctets, k_));
  const std::uint16_t least = estimates.greatest(first, most_rows, k_).least;
  const auto octets = bounds.greatest(std::max(index_.effort_.octets, 4 * k_), least);
  auto best = best_of(estimates.greatest(octets, most_rows, k_).rows);
  // Few rows of the octets may be allowed.
  if (best.size() < k_ && (least > 1 || octets.full())) {
    const auto all = bounds.greatest(index_.octet_factors_.size(), 1);
    best = best_of(estimates.greatest(all, most_rows, k_).rows);
  }
  return best;
}

std::vector<Neighbour> NgramShortlist::best_of_allowed() {
  constexpr std::uint16_t kAnything = 0xFFFF;  // as an estimate
  std::vector<BestValues::Kept> rows;
  for (std::uint32_t row = 0; filter_.everything() && row < index_.size(); ++row) {
    rows.push_back({row, kAnything});
  }
  filter_.visit([&](std::uint32_t row) {
    if (row < index_.size()) rows.push_back({row, kAnything});
  });
  return best_of(rows);
}

/// Scores rows by falling estimate, until those left can hardly reach the k-th best score.
std::vector<Neighbour> NgramShortlist::best_of(std::span<const BestValues::Kept> rows) {
  NgramScorer scorer(index_, query_, form_, workspace_);
  TopK best(k_);
  float most = 0;  // score for an estimate of 1
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + kFormsAhead < rows.size()) {
      const std::uint32_t later = rows[i + kFormsAhead].thing;
      form_.ask(later, FormOf::kWhere);
      __builtin_prefetch(index_.scales_.unproved().data() + later);
    }
    if (i + kFormsAhead / 2 < rows.size()) {
      form_.ask(rows[i + kFormsAhead / 2].thing, FormOf::kWhat);
    }
    const auto [row, value] = rows[i];
    const auto estimate = static_cast<float>(value);
    if (best.floor() > estimate * most * kMoreForEstimate) break;
    const float score = scorer.score(row);
    most = std::max(most, score / estimate);
    if (score > 0) best.offer({row, score});
  }
  return best.take();
}

}  // namespace enlace
