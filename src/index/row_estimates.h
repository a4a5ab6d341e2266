// About how much single rows of an n-gram index score.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "index/best_values.h"
#include "index/ngram_index.h"
#include "index/ngram_lists.h"
#include "index/row_filter.h"
#include "io/section_file.h"
#include "math/sparse_kernels.h"

namespace enlace {

/// Rows that may be among the best k.
struct PromisingRows {
  std::vector<BestValues::Kept> rows;  // by falling estimate
  std::uint16_t least;                 // estimate of them
};

/// The estimates of one query. What its lists add to a row is added up in 16 bits; times the row's
/// own factor, that is the estimate.
class RowEstimates {
 public:
  /// Borrows all of it. `rows` are those of the index, `factors` its own, of whole chunks of rows.
  RowEstimates(const NgramLists& lists, const PagedArray<std::uint16_t>& factors, std::size_t rows,
               const RowFilter& filter, NgramWorkspace& workspace);

  /// Of the allowed rows of `octets`, the `most` with the greatest estimates, as far as the k-th
  /// greatest one lets them hope. Requires that `octets` come rising from the bounds of the same
  /// lists, with the same workspace (index/octet_bounds.h).
  PromisingRows greatest(const BestValues& octets, std::size_t most, std::size_t k);

 private:
  ChosenOctets choose(const BestValues& octets);
  void add_up(const ChosenOctets& chosen);

  const NgramLists& lists_;
  const PagedArray<std::uint16_t>& factors_;
  std::size_t rows_;
  const RowFilter& filter_;
  NgramWorkspace& workspace_;
};

}  // namespace enlace
