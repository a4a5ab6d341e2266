#include "index/ngram_shortlist.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <utility>

#include "index/ngram_scorer.h"
#include "index/row_trees.h"
#include "math/sparse_kernels.h"

namespace enlace {

namespace {

constexpr std::size_t kFewRows = 4096;   // are scored one and all
constexpr std::size_t kMostLists = 100;  // so that their weights are told apart in 8 bits
constexpr std::size_t kChunkOctets = kTreeChunkRows / kTreeOctetRows;
constexpr std::size_t kBlockChunks = 16;  // whose sums stay in the first-level cache
constexpr std::size_t kOctetsOfWord = 64;
constexpr std::size_t kFirstOctets = 500;
constexpr std::size_t kFormsAhead = 16;  // rows from one whose form is asked of memory
constexpr std::size_t kAhead = 16;       // octets from one whose factors are asked of memory

/// Rows with less than this part of the k-th estimate are hardly ever among the best k.
constexpr double kLeastPart = 0.8;

/// Nor has a row, as a rule, more score for its estimate than the rows with greater ones had, times
/// this.
constexpr float kMoreForEstimate = 1.08F;

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
  choose_lists();
  if (trees_.empty() && lists_.empty()) return {};
  BestValues first(std::max(kFirstOctets, k_));
  add_up_octets(first);
  take_octets(first);
  choose_rows();
  const bool some_left = choose_octets(std::max(index_.effort_.octets, 4 * k_), promising_);
  auto best = best_of(choose_rows());
  // Few rows of the octets may be allowed.
  if (best.size() < k_ && some_left) {
    choose_octets(chunks_ * kTreeChunkRows, 1);
    best = best_of(choose_rows());
  }
  return best;
}

void NgramShortlist::choose_lists() {
  workspace_.list_rows.clear();
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
      lists_.push_back({read_list(*term), to_octet, to_row});
    }
  }
}

/// Puts the rows of a list behind those of the lists before.
NgramShortlist::ListRows NgramShortlist::read_list(const NgramQuery::Term& term) {
  auto& rows = workspace_.list_rows;
  const std::size_t begin = rows.size();
  const auto list = index_.list(term);
  rows.resize(begin + list.shape.size);
  std::uint32_t* next = rows.data() + begin;
  RowListCursor(list.words, list.shape).visit(0, index_.size(), [&](std::uint32_t row) {
    *next++ = row;
  });
  rows.resize(std::size_t(next - rows.data()));
  return {begin, rows.size()};
}

/// Gives every octet its sum and offers it; a block of them at a time, which stays in the cache.
void NgramShortlist::add_up_octets(BestValues& best) {
  auto& sums = workspace_.octet_sums;
  auto& places = workspace_.places;
  sums.resize(chunks_ * kChunkOctets);
  places.resize(trees_.size() * (chunks_ + 1));
  for (std::size_t i = 0; i < trees_.size(); ++i) places[i * (chunks_ + 1)] = {0, 0};
  std::vector<std::size_t> next;  // of each list
  for (const auto& list : lists_) next.push_back(list.rows.begin);
  for (std::size_t first = 0; first < chunks_; first += kBlockChunks) {
    const std::size_t end = std::min(first + kBlockChunks, chunks_);
    const auto block = std::span(sums).subspan(first * kChunkOctets, (end - first) * kChunkOctets);
    std::ranges::fill(block, std::uint8_t{0});
    for (std::size_t i = 0; i < trees_.size(); ++i) {
      sparse_kernels().add_middle(trees_[i].rows, first, end, trees_[i].to_octet, sums.data(),
                                  places.data() + i * (chunks_ + 1));
    }
    for (std::size_t i = 0; i < lists_.size(); ++i) {
      const auto& rows = workspace_.list_rows;
      std::size_t last = sums.size();
      for (; next[i] < lists_[i].rows.end && rows[next[i]] < end * kTreeChunkRows; ++next[i]) {
        const std::size_t octet = rows[next[i]] / kTreeOctetRows;
        const unsigned weight = octet != last ? lists_[i].to_octet : 0;
        sums[octet] = static_cast<std::uint8_t>(sums[octet] + weight);
        last = octet;
      }
    }
    offer_octets(first * kChunkOctets, end * kChunkOctets, best);
  }
}

/// Offers the octets [first, end) by their bounds.
void NgramShortlist::offer_octets(std::size_t first, std::size_t end, BestValues& best) {
  const auto factors = index_.octet_factors_.slice(first, end);
  workspace_.found.resize(kBlockChunks * kChunkOctets);
  const std::size_t count =
      sparse_kernels().find_products(workspace_.octet_sums.data() + first, factors.data(),
                                     end - first, best.floor(), workspace_.found.data());
  for (const std::uint32_t found : std::span(workspace_.found).first(count)) {
    const auto octet = static_cast<std::uint32_t>(first + (found >> 16));
    if (allows_some_of(octet)) best.offer(static_cast<std::uint16_t>(found), octet);
  }
}

/// Those with the `most` greatest bounds from the floor on. Returns whether there may be others.
bool NgramShortlist::choose_octets(std::size_t most, std::uint16_t floor) {
  BestValues best(most, floor);
  for (std::size_t first = 0; first < chunks_; first += kBlockChunks) {
    offer_octets(first * kChunkOctets, std::min(first + kBlockChunks, chunks_) * kChunkOctets,
                 best);
  }
  take_octets(best);
  return floor > 1 || best.full();
}

/// Makes the best octets the chosen ones.
void NgramShortlist::take_octets(const BestValues& best) {
  octets_.clear();
  for (const auto& kept : best.take()) octets_.push_back(kept.thing);
  workspace_.chosen.assign(chunks_ * kChunkOctets / kOctetsOfWord, 0);
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
  for (std::uint32_t& count : workspace_.before) before += std::exchange(count, before);
}

bool NgramShortlist::allows_some_of(std::uint32_t octet) const noexcept {
  if (filter_.everything()) return true;
  const std::size_t first = std::size_t{octet} * kTreeOctetRows;
  for (std::size_t row = first; row < first + kTreeOctetRows; ++row) {
    if (filter_.allows(row)) return true;
  }
  return false;
}

void NgramShortlist::add_up_rows() {
  auto& sums = workspace_.row_sums;
  sums.assign(octets_.size() * kTreeOctetRows, 0);
  const ChosenOctets chosen{workspace_.chosen.data(),
                            workspace_.before.data(),
                            workspace_.chosen_groups.data(),
                            workspace_.chosen_chunks.data(),
                            workspace_.chosen_chunks.size(),
                            octets_.data(),
                            octets_.size()};
  for (std::size_t i = 0; i < trees_.size(); ++i) {
    sparse_kernels().add_low(trees_[i].rows, workspace_.places.data() + i * (chunks_ + 1), chosen,
                             trees_[i].to_row, sums.data());
  }
  for (const auto& list : lists_) {
    for (std::size_t i = list.rows.begin; i < list.rows.end; ++i) {
      const std::uint32_t row = workspace_.list_rows[i], octet = row / kTreeOctetRows;
      const std::uint64_t bit = std::uint64_t{1} << octet % kOctetsOfWord;
      const std::uint64_t word = workspace_.chosen[octet / kOctetsOfWord];
      if ((word & bit) == 0) continue;
      const std::size_t slot =
          workspace_.before[octet / kOctetsOfWord] + std::size_t(std::popcount(word & (bit - 1)));
      std::uint16_t& sum = sums[slot * kTreeOctetRows + row % kTreeOctetRows];
      sum = static_cast<std::uint16_t>(sum + list.to_row);
    }
  }
}

/// The rows of the chosen octets with the greatest estimates, as far as they are promising, by
/// falling estimate.
std::vector<BestValues::Kept> NgramShortlist::choose_rows() {
  add_up_rows();
  BestValues best(std::max(index_.effort_.rows, 4 * k_)), kth(k_);
  const std::span<const std::uint16_t> all_factors = index_.row_factors_.unproved();
  for (std::size_t slot = 0; slot < octets_.size(); ++slot) {
    const std::size_t later = std::min(slot + kAhead, octets_.size() - 1);
    __builtin_prefetch(all_factors.data() + std::size_t{octets_[later]} * kTreeOctetRows);
    const std::uint32_t first = octets_[slot] * std::uint32_t{kTreeOctetRows};
    const std::uint16_t* factors = index_.row_factors_.slice(first, first + kTreeOctetRows).data();
    const std::uint16_t* sums = workspace_.row_sums.data() + slot * kTreeOctetRows;
    std::array<std::uint16_t, kTreeOctetRows> estimates;
    std::uint16_t greatest = 1;
    for (std::size_t i = 0; i < kTreeOctetRows; ++i) {
      estimates[i] = static_cast<std::uint16_t>(std::uint32_t{sums[i]} * factors[i] >> 16);
      greatest = std::max(greatest, estimates[i]);
    }
    if (greatest < best.floor()) continue;  // so it is with most
    for (std::uint32_t i = 0; i < kTreeOctetRows; ++i) {
      if (sums[i] == 0 || first + i >= index_.size() || !filter_.allows(first + i)) continue;
      const std::uint16_t estimate = std::max<std::uint16_t>(estimates[i], 1);
      best.offer(estimate, first + i);
      kth.offer(estimate, first + i);
    }
  }
  promising_ = static_cast<std::uint16_t>(std::max(1.0, kLeastPart * double(kth.floor())));
  auto rows = best.take(promising_);
  std::ranges::stable_sort(rows, std::greater<>(), &BestValues::Kept::value);
  return rows;
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
