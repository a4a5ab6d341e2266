// What the terms of a query add to the rows of their lists, in so few bits that sums are short.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/ngram_index.h"
#include "math/sparse_kernels.h"

namespace enlace {

/// The lists of a query's terms, each with what it adds to an octet that has one of its rows, and
/// to such a row. All of them together add less than 2^8 to an octet and less than 2^16 to a row.
struct NgramLists {
  template <class Rows>
  struct List {
    Rows rows;
    std::uint8_t to_octet;
    std::uint16_t to_row;
  };
  std::vector<List<BitTree>> trees;
  std::vector<List<std::span<const std::uint32_t>>> lists;  // rows that rise

  bool empty() const noexcept { return trees.empty() && lists.empty(); }

  /// Those of the posted terms of `query`, of a hundred of them at most, by their reach. Borrows
  /// from the index and from `rows`, which it overwrites. Throws Error(kCorrupt) if lists are
  /// damaged.
  static NgramLists of(const NgramIndex& index, const NgramQuery& query,
                       std::vector<std::uint32_t>& rows);
};

}  // namespace enlace
