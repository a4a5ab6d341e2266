// The search of an n-gram index with many rows: lists propose, forms decide.
//
// The lists of the query's posted terms are read in the order of what they tell per row read, until
// the effort is spent. Per block of rows their weights are added up, roughly, in 16 bits, and
// scaled by a byte per row. Of the rows with the greatest of these sums the forms are asked for and
// scored exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

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
  /// A list and what it costs to read, in postings.
  struct Source {
    NgramIndex::List list;
    std::uint16_t weight;
    std::size_t cost;
  };
  /// A row that is proposed, ordered by falling sum, then by rising row.
  using Proposal = std::uint64_t;

  void choose_sources(std::size_t postings);
  std::vector<Proposal> propose();
  void add_up(std::size_t first, std::size_t end);
  void take(std::size_t first, std::size_t end, std::vector<Proposal>& proposals);
  std::vector<Neighbour> best_of(std::vector<std::uint32_t> rows);

  const NgramIndex& index_;
  const NgramQuery& query_;
  std::size_t k_;
  const FormOf& form_;
  const RowFilter& filter_;
  NgramWorkspace& workspace_;
  std::size_t rows_;       // how many to score
  bool complete_ = false;  // whether every list of the query is a source
  std::uint16_t floor_ = 1;
  struct ShortList {
    RowListCursor rows;
    std::uint16_t weight;
  };
  std::vector<ShortList> lists_;
  std::vector<std::span<const std::uint64_t>> bitmaps_;
  std::vector<std::uint16_t> weights_;  // of the bitmaps
  std::vector<const std::uint64_t*> bitmaps_of_block_;
};

}  // namespace enlace
