// The search of an n-gram index with many rows: lists propose, forms decide.
//
// The reaches of the query's posted terms (index/ngram_index.h) are added up three times, ever more
// exactly and for ever fewer rows. For every octet of rows, in 8 bits, as if one row had all terms
// that any of its rows has; times the greatest factor of its rows, that is an upper bound. For
// every row of the octets with the greatest bounds, in 16 bits; times its own factor, that
// estimates the score. The rows with the greatest estimates are scored by their forms, the greatest
// first, until what has been seen says that the others would not do. A few octets
// come first: the k-th estimate among their rows tells which others are worth it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/best_values.h"
#include "index/ngram_index.h"

namespace enlace {

/// One search. Borrows all that it is made with.
class NgramShortlist {
 public:
  NgramShortlist(const NgramIndex& index, const NgramQuery& query, std::size_t k,
                 const FormOf& form, const RowFilter& filter, NgramWorkspace& workspace);

  /// The best k of the rows proposed; of all allowed ones, if these are few.
  std::vector<Neighbour> run();

 private:
  /// The list of a term, and what it adds to an octet and to a row.
  template <class Rows>
  struct Source {
    Rows rows;
    std::uint8_t to_octet;
    std::uint16_t to_row;
  };

  /// Where the rows of a list stand in workspace_.list_rows.
  struct ListRows {
    std::size_t begin, end;
  };

  void choose_lists();
  ListRows read_list(const NgramQuery::Term& term);
  void add_up_octets(BestValues& best);
  void offer_octets(std::size_t first, std::size_t end, BestValues& best);
  bool choose_octets(std::size_t most, std::uint16_t floor);
  void take_octets(const BestValues& best);
  std::vector<BestValues::Kept> choose_rows();
  void add_up_rows();
  bool allows_some_of(std::uint32_t octet) const noexcept;
  std::vector<Neighbour> best_of(std::span<const BestValues::Kept> rows);

  const NgramIndex& index_;
  const NgramQuery& query_;
  std::size_t k_;
  const FormOf& form_;
  const RowFilter& filter_;
  NgramWorkspace& workspace_;
  std::size_t chunks_;
  std::vector<Source<BitTree>> trees_;
  std::vector<Source<ListRows>> lists_;
  std::vector<std::uint32_t> octets_;  // that are chosen, rising
  std::uint16_t promising_ = 1;        // the least estimate that may still be among the best k
};

}  // namespace enlace
