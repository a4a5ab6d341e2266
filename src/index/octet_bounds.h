// How much the rows of an octet can score at most, for every octet of an n-gram index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "index/best_values.h"
#include "index/ngram_index.h"
#include "index/ngram_lists.h"
#include "index/row_filter.h"
#include "io/section_file.h"

namespace enlace {

/// The bounds of one query. What its lists add to an octet, as if one row had all terms that any of
/// the eight has, is added up in 8 bits; times the factor of the octet, the greatest of its rows',
/// that is the bound. An octet without an allowed row has none.
class OctetBounds {
 public:
  /// Borrows all of it. `factors` are whole chunks of rows, the index's.
  OctetBounds(const NgramLists& lists, const PagedArray<std::uint16_t>& factors,
              const RowFilter& filter, NgramWorkspace& workspace);

  /// Adds up, and gives the octets with the `most` greatest bounds. Must be called first.
  BestValues add_up(std::size_t most);

  /// Those with the `most` greatest bounds that are at least `least`.
  BestValues greatest(std::size_t most, std::uint16_t least) const;

 private:
  void add_up_lists(std::size_t end, std::span<std::size_t> next);
  void offer(std::size_t first, std::size_t end, BestValues& best) const;
  bool allows_some_of(std::uint32_t octet) const noexcept;

  const NgramLists& lists_;
  const PagedArray<std::uint16_t>& factors_;
  const RowFilter& filter_;
  NgramWorkspace& workspace_;
  std::size_t chunks_;
};

}  // namespace enlace
