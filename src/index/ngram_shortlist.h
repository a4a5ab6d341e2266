// The search of an n-gram index with many rows: lists propose, forms decide.
//
//   lists of the query's terms ──▶ bounds of octets of rows ──▶ estimates of rows ──▶ scores
//   ngram_lists.h                  octet_bounds.h               row_estimates.h      ngram_scorer.h
//
// What terms add is added up three times, ever more exactly and for ever fewer rows: in 8 bits for
// every octet; in 16 bits for every row of the octets with the greatest bounds; and the rows with
// the greatest estimates are scored by their forms, the greatest first, until what has been seen
// says that the others would not do. A few octets come first: the k-th estimate among their rows
// tells which others are worth it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "index/best_values.h"
#include "index/ngram_index.h"

namespace enlace {

/// One search. Borrows all that it is made with.
class NgramShortlist {
 public:
  NgramShortlist(const NgramIndex& index, const NgramQuery& query, std::size_t k,
                 const FormOf& form, const RowFilter& filter, NgramWorkspace& workspace)
      : index_(index), query_(query), k_(k), form_(form), filter_(filter), workspace_(workspace) {}

  /// The best k of the rows proposed; of all allowed ones, if these are few.
  std::vector<Neighbour> run();

 private:
  std::vector<Neighbour> best_of_allowed();
  std::vector<Neighbour> best_of(std::span<const BestValues::Kept> rows);

  const NgramIndex& index_;
  const NgramQuery& query_;
  std::size_t k_;
  const FormOf& form_;
  const RowFilter& filter_;
  NgramWorkspace& workspace_;
};

}  // namespace enlace
