#include "math/amx_tiles.h"
#include "math/product_tile_avx512.h"
#include "math/scan_bounds_avx512.h"
#include "math/scan_panels.h"

namespace enlace {
namespace {

// A block of tiles is 32 rows x 32 columns, as in products_amx.cc: tiles 0 to 3 hold its sums, 4
// and 5 rows, 6 and 7 columns of a panel.
constexpr std::size_t kTileRows = 16;
constexpr std::size_t kTileBytes = 64;
constexpr std::size_t kBlockRows = 2 * kTileRows;
constexpr std::size_t kPanelBytes = kPanelWidth * 4;  // of a row of words

/// Adds the products of 64 bytes of depth to the tiles of sums.
void add_step(const char* rows, std::size_t stride, const char* panel) noexcept {
  ENLACE_TILE_LOAD(4, rows, stride);
  ENLACE_TILE_LOAD(6, panel, kPanelBytes);
  ENLACE_TILE_LOAD(7, panel + kTileBytes, kPanelBytes);
  ENLACE_TILE_LOAD(5, rows + kTileRows * stride, stride);
  ENLACE_TILE_DPBUSD(0, 4, 6);
  ENLACE_TILE_DPBUSD(1, 4, 7);
  ENLACE_TILE_DPBUSD(2, 5, 6);
  ENLACE_TILE_DPBUSD(3, 5, 7);
}

/// The sums of some rows with one panel, and a bit for each that reaches its floor.
struct Compared {
  alignas(64) std::int32_t sums[kBlockRows * kPanelWidth];
  alignas(64) std::uint32_t bits[kBlockRows] = {};
};

/// The terms of the columns of a panel.
struct PanelTerms {
  ColumnTerms low, high;
};

/// Row i of `block`, whose terms are `row`.
void compare(RowTerms row, const PanelTerms& panel, std::size_t i, Compared& block) noexcept {
  const std::int32_t* sums = block.sums + i * kPanelWidth;
  const __mmask16 low = reach(_mm512_load_si512(sums), row, panel.low, 0xFFFF);
  const __mmask16 high = reach(_mm512_load_si512(sums + kLanes), row, panel.high, 0xFFFF);
  _store_mask32(block.bits + i, _mm512_kunpackw(high, low));
}

/// Where a block of tiles is: its first row, and its panel.
struct Place {
  std::size_t row, panel;
};

/// Writes down what was found in a block. Returns the end of the hits.
ScanHit* write(const Compared& block, Place place, ScanHit* hits) noexcept {
  const __m512i low = _mm512_load_si512(block.bits);
  const __m512i high = _mm512_load_si512(block.bits + kLanes);
  std::uint32_t rows = _mm512_test_epi32_mask(high, high);
  rows = rows << kLanes | _mm512_test_epi32_mask(low, low);
  for (; rows != 0; rows &= rows - 1) {
    const auto i = static_cast<std::size_t>(__builtin_ctz(rows));
    for (std::uint32_t bits = block.bits[i]; bits != 0; bits &= bits - 1) {
      const auto j = static_cast<std::size_t>(__builtin_ctz(bits));
      *hits++ = {static_cast<std::uint32_t>(place.row + i),
                 static_cast<std::uint32_t>(place.panel * kPanelWidth + j),
                 block.sums[i * kPanelWidth + j]};
    }
  }
  return hits;
}

/// The first `m` rows, whole blocks of tiles: while one is computed, the one before is compared.
/// The rows of a block stay in the first-level cache while panels pass.
ScanHit* find_in_blocks(const ScanBlock& block, std::size_t m, ScanRows rows,
                        const PanelTerms* terms, ScanHit* hits) noexcept {
  Compared blocks[2];
  const std::size_t steps = block.depth / kTileBytes;
  const std::size_t rows_a_step = (kBlockRows + steps - 1) / steps;
  const auto* bytes = reinterpret_cast<const char*>(block.rows);
  const char* ahead = bytes + block.m * block.depth;
  const std::size_t fetched = (kBlockRows * block.depth + block.count - 1) / block.count;
  std::size_t waiting = 0;  // rows of the block before
  Place before{};
  unsigned now = 0;
  for (std::size_t row = 0; row < m; row += kBlockRows) {
    for (std::size_t p = 0; p < block.count; ++p, now ^= 1U) {
      const auto* panel = reinterpret_cast<const char*>(block.panels + p * block.panel_stride);
      const PanelTerms& columns = terms[before.panel];
      Compared& last = blocks[now ^ 1U];
      for (std::size_t i = 0; i < fetched; i += 64, ahead += 64) _mm_prefetch(ahead, _MM_HINT_T1);
      ENLACE_TILE_FENCE();
      ENLACE_TILE_ZERO(0);
      ENLACE_TILE_ZERO(1);
      ENLACE_TILE_ZERO(2);
      ENLACE_TILE_ZERO(3);
      std::size_t compared = 0;
      for (std::size_t step = 0; step < steps; ++step, panel += kTileRows * kPanelBytes) {
        add_step(bytes + row * block.depth + step * kTileBytes, block.depth, panel);
        const std::size_t wanted = compared + rows_a_step;
        const std::size_t end = wanted < waiting ? wanted : waiting;
#pragma GCC unroll 4
        for (; compared < end; ++compared) {
          compare(row_terms(rows, before.row + compared), columns, compared, last);
        }
      }
      std::int32_t* sums = blocks[now].sums;
      ENLACE_TILE_STORE(0, sums, kPanelBytes);
      ENLACE_TILE_STORE(1, sums + kLanes, kPanelBytes);
      ENLACE_TILE_STORE(2, sums + kTileRows * kPanelWidth, kPanelBytes);
      ENLACE_TILE_STORE(3, sums + kTileRows * kPanelWidth + kLanes, kPanelBytes);
      ENLACE_TILE_FENCE();
      if (waiting > 0) hits = write(last, before, hits);
      before = {row, p};
      waiting = kBlockRows;
    }
  }
  Compared& last = blocks[now ^ 1U];
  for (std::size_t i = 0; i < waiting; ++i) {
    compare(row_terms(rows, before.row + i), terms[before.panel], i, last);
  }
  return write(last, before, hits);
}

/// The rows from `first` on, fewer than a block of tiles, in registers.
ScanHit* find_in_rest(const ScanBlock& block, std::size_t first, ScanRows rows,
                      const PanelTerms* terms, ScanHit* hits) noexcept {
  Compared rest;
  const std::size_t count = block.m - first;
  for (std::size_t p = 0; p < block.count && count > 0; ++p) {
    multiply<TimesInt8>(block.rows + first * block.depth, block.depth, count,
                        block.panels + p * block.panel_stride, block.depth, rest.sums, kPanelWidth);
    for (std::size_t i = 0; i < count; ++i) compare(row_terms(rows, first + i), terms[p], i, rest);
    hits = write(rest, {first, p}, hits);
  }
  return hits;
}

}  // namespace

std::size_t find_by_tiles(const ScanBlock& block, ScanRows rows, ScanColumns columns,
                          GroupBounds bounds, ScanHit* hits) noexcept {
  PanelTerms terms[kMostScanPanels];
  for (std::size_t p = 0; p < block.count; ++p) {
    terms[p] = {terms_from(columns, bounds, p * kPanelWidth),
                terms_from(columns, bounds, p * kPanelWidth + kLanes)};
  }
  const std::size_t m = block.m / kBlockRows * kBlockRows;
  ScanHit* end = find_in_blocks(block, m, rows, terms, hits);
  end = find_in_rest(block, m, rows, terms, end);
  return static_cast<std::size_t>(end - hits);
}

}  // namespace enlace
