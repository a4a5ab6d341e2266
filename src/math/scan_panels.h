// Which products of rows of bytes with panels of queries reach their query's floor: the inner loop
// of a search of many queries.
//
// Two functions: one makes the sums of a panel by math/products.h and then compares their bounds by
// math/scan_kernels.h, in the instructions of the current tier; it is the definition of the other,
// which compares a block of tiles while the processor's matrix unit computes the next.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/products.h"
#include "math/scan_kernels.h"

namespace enlace {

/// The most rows and panels that a block has.
inline constexpr std::size_t kMostScanRows = 96, kMostScanPanels = 8;

/// m rows of bytes, one after the other, and `count` panels, `panel_stride` bytes apart, both
/// `depth` deep.
struct ScanBlock {
  const std::uint8_t* rows;
  std::size_t m;              // up to kMostScanRows
  std::size_t depth;          // a multiple of kDepthBytes
  const std::int8_t* panels;  // of narrow quads where products() wants them
  std::size_t panel_stride;
  std::size_t count;  // up to kMostScanPanels
};

/// Writes to `hits` a hit for each row and column of a block with bound(row, column) >=
/// floor(column) (math/scan_kernels.h), with the sum of their products, in any order. Returns how
/// many there are; room for as many as products is required. `rows` and `columns` are as of the
/// block's first. Asks the memory for what follows the rows.
using FindInPanels = std::size_t (*)(const ScanBlock& block, ScanRows rows, ScanColumns columns,
                                     GroupBounds bounds, ScanHit* hits) noexcept;

std::size_t find_by_products(const ScanBlock& block, ScanRows rows, ScanColumns columns,
                             GroupBounds bounds, ScanHit* hits) noexcept;

/// Requires the tier kAmx.
std::size_t find_by_tiles(const ScanBlock& block, ScanRows rows, ScanColumns columns,
                          GroupBounds bounds, ScanHit* hits) noexcept;

/// The one for current_tier(), for use within a ProductScope.
FindInPanels find_in_panels() noexcept;

}  // namespace enlace
