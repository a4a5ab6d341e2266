#include "index/ngram_lists.h"

#include <algorithm>
#include <functional>

namespace enlace {
namespace {

constexpr std::size_t kMostLists = 100;  // so that their weights are told apart in 8 bits

/// The posted terms with the greatest reach.
std::vector<const NgramQuery::Term*> telling_terms(const NgramQuery& query) {
  std::vector<const NgramQuery::Term*> terms;
  for (const auto& term : query.terms) {
    if (term.posted != NgramQuery::kNotPosted) terms.push_back(&term);
  }
  if (terms.size() > kMostLists) {
    std::ranges::stable_sort(terms, std::greater<>(), &NgramQuery::Term::reach);
    terms.resize(kMostLists);
  }
  return terms;
}

/// A whole weight of at least 1; weights that add up to `all` add up to less than `limit`.
std::uint32_t share_of(double weight, double all, std::size_t count, double limit) {
  return static_cast<std::uint32_t>(1 + weight * (limit - 1 - double(count)) / std::max(all, 1.0));
}

}  // namespace

NgramLists NgramLists::of(const NgramIndex& index, const NgramQuery& query,
                          std::vector<std::uint32_t>& rows) {
  const auto terms = telling_terms(query);
  double all = 0;
  std::size_t size = 0;  // of the lists that are no trees
  for (const auto* term : terms) {
    all += double(term->reach);
    if (!index.has_tree(*term)) size += term->frequency;
  }
  rows.resize(size);
  std::uint32_t* next = rows.data();
  NgramLists found;
  for (const auto* term : terms) {
    const auto reach = double(term->reach);
    const auto to_octet = static_cast<std::uint8_t>(share_of(reach, all, terms.size(), 256));
    const auto to_row = static_cast<std::uint16_t>(share_of(reach, all, terms.size(), 65536));
    if (index.has_tree(*term)) {
      found.trees.push_back({index.tree(*term), to_octet, to_row});
      continue;
    }
    const auto list = index.list(*term);
    std::uint32_t* const begin = next;
    RowListCursor(list.words, list.shape).visit(0, index.size(), [&](std::uint32_t row) {
      *next++ = row;
    });
    found.lists.push_back({{begin, next}, to_octet, to_row});
  }
  return found;
}

}  // namespace enlace
