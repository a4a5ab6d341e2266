#include "math/scan_panels.h"

#include <bit>

#include "math/tier.h"

namespace enlace {
namespace {

ScanColumns from(ScanColumns columns, std::size_t column) noexcept {
  return {columns.step + column,  columns.zero + column,   columns.tail + column,
          columns.error + column, columns.length + column, columns.rounding + column,
          columns.floor + column};
}

void fetch(const std::uint8_t* bytes, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; i += 64) __builtin_prefetch(bytes + i);
}

}  // namespace

std::size_t find_by_products(const ScanBlock& block, ScanRows rows, ScanColumns columns,
                             GroupBounds bounds, ScanHit* hits) noexcept {
  alignas(64) std::int32_t sums[kMostScanRows * kPanelWidth];
  std::uint32_t bits[kMostScanRows];
  ScanHit* end = hits;
  const auto multiply =
      products().wants_narrow ? products().multiply_narrow_int8 : products().multiply_int8;
  fetch(block.rows + block.m * block.depth, block.m * block.depth);
  for (std::size_t p = 0; p < block.count; ++p) {
    const std::size_t column = p * kPanelWidth;
    multiply(block.rows, block.depth, block.m, block.panels + p * block.panel_stride, block.depth,
             sums, kPanelWidth);
    if (scan_kernels().find_in_panel(sums, block.m, rows, from(columns, column), bounds, bits) == 0)
      continue;
    for (std::size_t i = 0; i < block.m; ++i) {
      for (std::uint32_t left = bits[i]; left != 0; left &= left - 1) {
        const auto j = std::size_t(std::countr_zero(left));
        *end++ = {std::uint32_t(i), std::uint32_t(column + j), sums[i * kPanelWidth + j]};
      }
    }
  }
  return std::size_t(end - hits);
}

FindInPanels find_in_panels() noexcept {
  return current_tier() == Tier::kAmx ? find_by_tiles : find_by_products;
}

}  // namespace enlace
