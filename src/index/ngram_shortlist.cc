#include "index/ngram_shortlist.h"

#include <algorithm>

#include "index/ngram_scorer.h"
#include "math/sparse_kernels.h"

namespace enlace {

using namespace ngram_format;  // NOLINT(google-build-using-namespace): the bytes of an index

namespace {

constexpr std::size_t kFewRows = 4096;      // are scored one and all
constexpr std::size_t kMostSources = 1024;  // so that the sum of their weights has 16 bits
constexpr std::size_t kTaken = 8192;        // rows looked at before the floor rises
constexpr std::size_t kMostRaise = 16;      // of the effort where few rows are allowed

/// Rows of a bitmap that take as long to add as a row of another list.
constexpr std::size_t kBitmapRowsPerPosting = 128;

}  // namespace

NgramShortlist::NgramShortlist(const NgramIndex& index, const NgramQuery& query, std::size_t k,
                               const FormOf& form, const RowFilter& filter,
                               NgramWorkspace& workspace)
    : index_(index),
      query_(query),
      k_(k),
      form_(form),
      filter_(filter),
      workspace_(workspace),
      rows_(std::max(index.effort_.rows, 4 * k)) {
  workspace_.short_sums.assign(kBlockRows, 0);
  workspace_.found.resize(kTaken);
}

std::vector<Neighbour> NgramShortlist::run() {
  const std::size_t allowed = filter_.count(index_.size());
  if (allowed <= std::max(kFewRows, rows_)) {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; filter_.everything() && row < index_.size(); ++row) {
      rows.push_back(row);
    }
    filter_.visit([&](std::uint32_t row) {
      if (row < index_.size()) rows.push_back(row);
    });
    return best_of(std::move(rows));
  }
  const std::size_t raise = std::min(index_.size() / allowed, kMostRaise);
  choose_sources(index_.effort_.postings * std::max<std::size_t>(raise, 1));
  while (true) {
    std::vector<std::uint32_t> rows;
    for (const Proposal proposal : propose()) rows.push_back(static_cast<std::uint32_t>(proposal));
    auto best = best_of(std::move(rows));
    if (best.size() == k_ || complete_) return best;
    choose_sources(std::numeric_limits<std::size_t>::max());
  }
}

void NgramShortlist::choose_sources(std::size_t postings) {
  struct Choice {
    const NgramQuery::Term* term;
    double worth;  // per cost
    std::size_t cost;
  };
  std::vector<Choice> choices;
  for (const auto& term : query_.terms) {
    if (term.posted == NgramQuery::kNotPosted) continue;
    const RowListShape shape(index_.size(), term.frequency, index_.shape_.dense);
    const std::size_t cost =
        shape.bitmap ? index_.size() / kBitmapRowsPerPosting + 1 : term.frequency;
    choices.push_back({&term, double(term.weight) / double(cost), cost});
  }
  std::ranges::stable_sort(choices, std::greater<>(), &Choice::worth);
  std::size_t count = 0;
  double weights = 0;
  for (std::size_t spent = 0; count < std::min(choices.size(), kMostSources); ++count) {
    spent += choices[count].cost;
    if (count > 0 && spent > postings) break;
    weights += choices[count].term->weight;
  }
  complete_ = count == choices.size() || count == kMostSources;

  lists_.clear();
  bitmaps_.clear();
  weights_.clear();
  // Rounded up to at least 1 each, they still add up to 16 bits.
  const double units = (65535 - double(count)) / std::max(weights, 1.0);
  for (const Choice& choice : std::span(choices).first(count)) {
    const auto weight = static_cast<std::uint16_t>(1 + double(choice.term->weight) * units);
    const auto list = index_.list(*choice.term);
    if (list.shape.bitmap) {
      bitmaps_.push_back(list.words);
      weights_.push_back(weight);
    } else {
      lists_.push_back({RowListCursor(list.words, list.shape), weight});
    }
  }
}

std::vector<NgramShortlist::Proposal> NgramShortlist::propose() {
  std::vector<Proposal> proposals;
  floor_ = 1;
  for (std::size_t first = 0; first < index_.size(); first += kBlockRows) {
    const std::size_t end = std::min(index_.size(), first + kBlockRows);
    if (!filter_.may_allow_within(first, end)) continue;
    add_up(first, end);
    for (std::size_t begin = first; begin < end; begin += kTaken) {
      take(begin, std::min(end, begin + kTaken), proposals);
    }
  }
  if (proposals.size() > rows_) {
    std::ranges::nth_element(proposals, proposals.begin() + std::ptrdiff_t(rows_));
    proposals.resize(rows_);
  }
  return proposals;
}

void NgramShortlist::add_up(std::size_t first, std::size_t end) {
  const auto sums = std::span(workspace_.short_sums).first(padded(end - first));
  for (ShortList& list : lists_) {
    list.rows.visit(first, end, [all = sums.data(), weight = list.weight](std::uint32_t row) {
      all[row] = static_cast<std::uint16_t>(all[row] + weight);
    });
  }
  bitmaps_of_block_.clear();
  for (const auto& bitmap : bitmaps_) bitmaps_of_block_.push_back(bitmap.data() + first / kGroup);
  sparse_kernels().add_short_weights(bitmaps_of_block_.data(), weights_.data(), weights_.size(),
                                     sums.data(), sums.size());
}

void NgramShortlist::take(std::size_t first, std::size_t end, std::vector<Proposal>& proposals) {
  const auto roots = index_.roots_.slice(first, first + padded(end - first));
  std::uint16_t* sums = workspace_.short_sums.data() + first % kBlockRows;
  const std::size_t count = sparse_kernels().take_at_least(sums, roots.data(), roots.size(), floor_,
                                                           workspace_.found.data());
  for (const std::uint32_t found : std::span(workspace_.found).first(count)) {
    const std::size_t row = first + (found >> 16);
    if (row < end && filter_.allows(row)) {
      proposals.push_back(std::uint64_t{0xFFFF - (found & 0xFFFF)} << 32 | row);
    }
  }
  if (proposals.size() < 4 * rows_) return;
  const auto last = proposals.begin() + std::ptrdiff_t(rows_ - 1);
  std::ranges::nth_element(proposals, last);
  // A later row with the sum of the last one comes after it.
  floor_ = static_cast<std::uint16_t>(std::min<std::uint64_t>(0x10000 - (*last >> 32), 0xFFFF));
  proposals.resize(rows_);
}

std::vector<Neighbour> NgramShortlist::best_of(std::vector<std::uint32_t> rows) {
  std::ranges::sort(rows);  // neighbours in memory
  NgramScorer scorer(index_, query_, form_, workspace_);
  TopK best(k_);
  for (const std::uint32_t row : rows) {
    const float score = scorer.score(row);
    if (score > 0) best.offer({row, score});
  }
  return best.take();
}

}  // namespace enlace
