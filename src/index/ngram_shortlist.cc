#include "index/ngram_shortlist.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "index/best_values.h"
#include "index/ngram_scorer.h"
#include "index/row_trees.h"
#include "math/sparse_kernels.h"

namespace enlace {

namespace {

constexpr std::size_t kFewRows = 4096;   // are scored one and all
constexpr std::size_t kMostLists = 100;  // so that their weights are told apart in 8 bits
constexpr std::size_t kTaken = 8192;     // octets looked at before the floor rises
constexpr std::size_t kOctetsOfWord = 64;
constexpr std::size_t kFirstOctets = 500;
constexpr std::size_t kAhead = 16;  // octets from one whose factors are asked of memory

/// Rows with less than this part of the k-th estimate are hardly ever among the best k.
constexpr double kLeastPart = 0.8;

/// A whole weight of at least 1; weights that add up to `all` add up to less than `limit`.
std::uint32_t share_of(double weight, double all, std::size_t count, double limit) {
  return static_cast<std::uint32_t>(1 + weight * (limit - 1 - double(count)) / std::max(all, 1.0));
}

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
      chunks_(row_chunks(index.size())) {}

std::vector<Neighbour> NgramShortlist::run() {
  if (filter_.count(index_.size()) <= kFewRows) {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; filter_.everything() && row < index_.size(); ++row) {
      rows.push_back(row);
    }
    filter_.visit([&](std::uint32_t row) {
      if (row < index_.size()) rows.push_back(row);
    });
    return best_of(rows);
  }
  choose_lists();
  if (trees_.empty() && lists_.empty()) return {};
  add_up_octets();
  choose_octets(std::max(kFirstOctets, k_), 1);
  choose_rows();
  const bool some_left = choose_octets(std::max(index_.effort_.octets, 4 * k_), promising_);
  auto best = best_of(choose_rows());
  // Few rows of the octets may be allowed.
  if (best.size() < k_ && some_left) {
    choose_octets(chunks_ * kChunkRows, 1);
    best = best_of(choose_rows());
  }
  return best;
}

void NgramShortlist::choose_lists() {
  std::vector<const NgramQuery::Term*> terms;
  for (const auto& term : query_.terms) {
    if (term.posted != NgramQuery::kNotPosted) terms.push_back(&term);
  }
  if (terms.size() > kMostLists) {
    std::ranges::stable_sort(terms, std::greater<>(), &NgramQuery::Term::reach);
    terms.resize(kMostLists);
  }
  double all = 0;
  for (const auto* term : terms) all += double(term->reach);
  for (const auto* term : terms) {
    const auto reach = double(term->reach);
    const auto to_octet = static_cast<std::uint8_t>(share_of(reach, all, terms.size(), 256));
    const auto to_row = static_cast<std::uint16_t>(share_of(reach, all, terms.size(), 65536));
    if (index_.has_tree(*term)) {
      trees_.push_back({index_.tree(*term), to_octet, to_row});
    } else {
      const auto list = index_.list(*term);
      lists_.push_back({RowListCursor(list.words, list.shape), to_octet, to_row});
    }
  }
}

void NgramShortlist::add_up_octets() {
  auto& sums = workspace_.octet_sums;
  sums.assign(chunks_ * kChunkRows / kOctetRows, 0);
  workspace_.places.resize(trees_.size() * chunks_);
  for (std::size_t i = 0; i < trees_.size(); ++i) {
    sparse_kernels().add_middle(trees_[i].rows, trees_[i].to_octet, sums.data(),
                                workspace_.places.data() + i * chunks_);
  }
  for (const auto& list : lists_) {
    RowListCursor rows = list.rows;
    std::size_t last = sums.size();
    rows.visit(0, index_.size(), [&, all = sums.data()](std::uint32_t row) {
      const std::size_t octet = row / kOctetRows;
      if (octet != last) all[octet] = static_cast<std::uint8_t>(all[octet] + list.to_octet);
      last = octet;
    });
  }
}

/// Those with the `most` greatest bounds from the floor on. Returns whether there may be others.
bool NgramShortlist::choose_octets(std::size_t most, std::uint16_t floor) {
  const auto& sums = workspace_.octet_sums;
  const auto factors = index_.octet_factors_.all();
  BestValues best(most, floor);
  workspace_.found.resize(kTaken);
  for (std::size_t first = 0; first < sums.size(); first += kTaken) {
    const std::size_t size = std::min(kTaken, sums.size() - first);
    const std::size_t count = sparse_kernels().find_products(
        sums.data() + first, factors.data() + first, size, best.floor(), workspace_.found.data());
    for (const std::uint32_t found : std::span(workspace_.found).first(count)) {
      const auto octet = static_cast<std::uint32_t>(first + (found >> 16));
      if (allows_some_of(octet)) best.offer(static_cast<std::uint16_t>(found), octet);
    }
  }
  octets_ = best.take();
  workspace_.chosen.assign(chunks_ * kChunkRows / kOctetRows / kOctetsOfWord, 0);
  workspace_.chosen_groups.assign(chunks_, 0);
  for (const std::uint32_t octet : octets_) {
    workspace_.chosen[octet / kOctetsOfWord] |= std::uint64_t{1} << octet % kOctetsOfWord;
    workspace_.chosen_groups[octet / 512] |= std::uint64_t{1} << octet / 8 % 64;
  }
  workspace_.chosen_chunks.clear();
  for (std::uint32_t chunk = 0; chunk < chunks_; ++chunk) {
    if (workspace_.chosen_groups[chunk] != 0) workspace_.chosen_chunks.push_back(chunk);
  }
  workspace_.before.assign(workspace_.chosen.size(), 0);
  for (const std::uint32_t octet : octets_) ++workspace_.before[octet / kOctetsOfWord];
  std::uint32_t before = 0;
  for (std::uint32_t& count : workspace_.before) {
    const std::uint32_t here = count;
    count = before;
    before += here;
  }
  return floor > 1 || best.full();
}

bool NgramShortlist::allows_some_of(std::uint32_t octet) const noexcept {
  if (filter_.everything()) return true;
  const std::size_t first = std::size_t{octet} * kOctetRows;
  for (std::size_t row = first; row < first + kOctetRows; ++row) {
    if (filter_.allows(row)) return true;
  }
  return false;
}

void NgramShortlist::add_up_rows() {
  auto& sums = workspace_.row_sums;
  sums.assign(octets_.size() * kOctetRows, 0);
  const ChosenOctets chosen{workspace_.chosen.data(), workspace_.before.data(),
                            workspace_.chosen_groups.data(), workspace_.chosen_chunks.data(),
                            workspace_.chosen_chunks.size()};
  for (std::size_t i = 0; i < trees_.size(); ++i) {
    sparse_kernels().add_low(trees_[i].rows, workspace_.places.data() + i * chunks_, chosen,
                             trees_[i].to_row, sums.data());
  }
  for (const auto& list : lists_) {
    RowListCursor rows = list.rows;
    rows.visit(0, index_.size(), [&](std::uint32_t row) {
      const std::uint32_t octet = row / kOctetRows;
      const std::uint64_t bit = std::uint64_t{1} << octet % kOctetsOfWord;
      const std::uint64_t word = workspace_.chosen[octet / kOctetsOfWord];
      if ((word & bit) == 0) return;
      const std::size_t slot =
          workspace_.before[octet / kOctetsOfWord] + std::size_t(std::popcount(word & (bit - 1)));
      std::uint16_t& sum = sums[slot * kOctetRows + row % kOctetRows];
      sum = static_cast<std::uint16_t>(sum + list.to_row);
    });
  }
}

/// The rows of the chosen octets with the greatest estimates, as far as they are promising, rising.
std::vector<std::uint32_t> NgramShortlist::choose_rows() {
  add_up_rows();
  BestValues best(std::max(index_.effort_.rows, 4 * k_)), kth(k_);
  const std::span<const std::uint16_t> all_factors = index_.row_factors_.unproved();
  for (std::size_t slot = 0; slot < octets_.size(); ++slot) {
    const std::size_t later = std::min(slot + kAhead, octets_.size() - 1);
    __builtin_prefetch(all_factors.data() + std::size_t{octets_[later]} * kOctetRows);
    const std::uint32_t first = octets_[slot] * std::uint32_t{kOctetRows};
    const auto factors = index_.row_factors_.slice(first, first + kOctetRows);
    for (std::uint32_t i = 0; i < kOctetRows; ++i) {
      const std::uint32_t sum = workspace_.row_sums[slot * kOctetRows + i];
      if (sum == 0 || first + i >= index_.size() || !filter_.allows(first + i)) continue;
      const auto estimate = static_cast<std::uint16_t>(std::max(sum * factors[i] >> 16, 1U));
      best.offer(estimate, first + i);
      kth.offer(estimate, first + i);
    }
  }
  promising_ = static_cast<std::uint16_t>(std::max(1.0, kLeastPart * double(kth.floor())));
  return best.take(promising_);
}

std::vector<Neighbour> NgramShortlist::best_of(std::span<const std::uint32_t> rows) {
  NgramScorer scorer(index_, query_, form_, workspace_);
  TopK best(k_);
  for (const std::uint32_t row : rows) {
    const float score = scorer.score(row);
    if (score > 0) best.offer({row, score});
  }
  return best.take();
}

}  // namespace enlace
