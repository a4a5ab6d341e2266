// How rows are cut into the tiles of a product: local to the files that are compiled for an
// instruction set.
#pragma once

#include <cstddef>

namespace enlace {
namespace {

/// Calls tile(i, rows), the first row and the number of rows, for as few tiles of at most `most`
/// of m rows as can be, of nearly equal height.
template <class Tile>
inline void for_each_tile(std::size_t m, std::size_t most, const Tile& tile) noexcept {
  if (m == 0) return;
  const std::size_t tiles = (m + most - 1) / most, height = m / tiles, higher = m % tiles;
  for (std::size_t t = 0, i = 0; t < tiles; ++t) {
    const std::size_t rows = height + (t < higher ? 1 : 0);
    tile(i, rows);
    i += rows;
  }
}

}  // namespace
}  // namespace enlace
