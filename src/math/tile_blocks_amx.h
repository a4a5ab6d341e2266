// Blocks of products by tiles, whose rows are finished while the next block is computed: only for
// files compiled for AMX.
#pragma once

#include <bit>
#include <cstddef>

#include "math/amx_tiles.h"
#include "math/block_products.h"
#include "math/dequantized_rows_avx512.h"

namespace enlace {
namespace {

// A block of tiles is 32 rows x 32 columns, as in products_amx.cc: tiles 0 to 3 hold its sums, 4
// and 5 rows of a, 6 and 7 columns of a panel. One of 16 rows does without 2, 3 and 5.
constexpr std::size_t kTileRows = 16;
constexpr std::size_t kTileBytes = 64;
constexpr std::size_t kPanelBytes = kPanelWidth * 4;  // of a row of words

// The instruction names its tiles, so a function cannot take them.
#define ENLACE_ADD_PRODUCTS(SUMS, ROWS, COLUMNS) \
  if constexpr (sizeof(A) == 1) {                \
    ENLACE_TILE_DPBUSD(SUMS, ROWS, COLUMNS);     \
  } else {                                       \
    ENLACE_TILE_DPBF16PS(SUMS, ROWS, COLUMNS);   \
  }

/// Adds the products of 64 bytes of depth to the tiles of sums, to tile t after beside.before<t>().
/// beside.after<i>() follows instruction i.
/// A: the type of the rows.
template <class A, bool kTwo, class Beside>
[[gnu::always_inline]] inline void add_products(const char* a, std::size_t stride,
                                                const char* panel, Beside beside) noexcept {
  ENLACE_TILE_LOAD(4, a, stride);
  beside.template after<0>();
  ENLACE_TILE_LOAD(6, panel, kPanelBytes);
  beside.template after<1>();
  beside.template before<0>();
  ENLACE_ADD_PRODUCTS(0, 4, 6);
  beside.template after<2>();
  ENLACE_TILE_LOAD(7, panel + kTileBytes, kPanelBytes);
  beside.template after<3>();
  beside.template before<1>();
  ENLACE_ADD_PRODUCTS(1, 4, 7);
  beside.template after<4>();
  if constexpr (kTwo) {
    ENLACE_TILE_LOAD(5, a + kTileRows * stride, stride);
    beside.template after<5>();
    beside.template before<2>();
    ENLACE_ADD_PRODUCTS(2, 5, 6);
    beside.template after<6>();
    beside.template before<3>();
    ENLACE_ADD_PRODUCTS(3, 5, 7);
    beside.template after<7>();
  }
}
#undef ENLACE_ADD_PRODUCTS

/// Stores the sums of a tile and begins them anew.
struct StoreSums {
  char* to;

  template <int>
  void after() const noexcept {}
  template <int kTile>
  void before() const noexcept {
    char* at = to + kTile / 2 * kTileRows * kPanelBytes + kTile % 2 * kTileBytes;
    if constexpr (kTile == 0) {
      ENLACE_TILE_STORE(0, at, kPanelBytes);
      ENLACE_TILE_ZERO(0);
    } else if constexpr (kTile == 1) {
      ENLACE_TILE_STORE(1, at, kPanelBytes);
      ENLACE_TILE_ZERO(1);
    } else if constexpr (kTile == 2) {
      ENLACE_TILE_STORE(2, at, kPanelBytes);
      ENLACE_TILE_ZERO(2);
    } else {
      ENLACE_TILE_STORE(3, at, kPanelBytes);
      ENLACE_TILE_ZERO(3);
    }
  }
};

/// The rows of a block that are to be finished.
template <class Finish>
struct Unfinished {
  Finish& finish;
  const char* sums;
  std::size_t left;

  [[gnu::always_inline]] void next() noexcept {
    finish.next(sums);
    sums += kPanelBytes;
    --left;
  }
};

/// Bit i stands for instruction i of a step.
using Instructions = unsigned;
constexpr Instructions kProducts = 0b11010100;

/// After which instructions the rows of a whole block are finished: the matrix unit waits least if
/// they are spread, and not counted. None follows step 0, whose stores wait for the block before;
/// some do step 1, more each of the next kSteps. The depth of halves has twice as many steps.
template <class A>
struct RowPlaces {
  static constexpr bool kBytes = sizeof(A) == 1;
  static constexpr Instructions kFirst = kBytes ? 0b11110000 : 0,
                                kNext = kBytes ? 0b11011111 : kProducts;
  static constexpr std::size_t kSteps = kBytes ? 4 : 8;
  static_assert(std::popcount(kFirst) + kSteps * std::popcount(kNext) == 2 * kTileRows);
};

/// Finishes a row after some instructions; while there are any, unless they are known to be there.
template <Instructions kWhen, bool kThere, class Finish>
struct FinishRows {
  Unfinished<Finish>& rows;

  template <int>
  void before() const noexcept {}
  template <int kInstruction>
  [[gnu::always_inline]] void after() const noexcept {
    if constexpr ((kWhen >> kInstruction & 1U) != 0) {
      if (kThere || rows.left > 0) rows.next();
    }
  }
};

/// All blocks of tiles of `block`; while one is computed, the rows of the one before are finished
/// by finish.next(sums) after finish.begin(place).
///
/// The sums of a block are stored between the first products of the next, so that the matrix unit
/// does not wait until all are stored. Their rows follow when they have arrived in memory.
template <bool kTwo, class A, class B, class Finish>
void run_blocks(const Block<A, B>& block, Finish finish) noexcept {
  using Rows = RowPlaces<A>;
  constexpr std::size_t kBlockRows = kTwo ? 2 * kTileRows : kTileRows;
  alignas(64) char sums[kBlockRows * kPanelBytes];
  const std::size_t stride = block.stride * sizeof(A);
  const std::size_t steps = block.depth * sizeof(A) / kTileBytes;
  const StoreSums store{sums};
  Place before{};
  for (std::size_t p = 0; p < block.count; ++p) {
    for (std::size_t row = 0; row < block.m; row += kBlockRows) {
      const char* a = reinterpret_cast<const char*>(block.rows) + row * stride;
      const auto* panel = reinterpret_cast<const char*>(block.panels + p * block.panel_stride);
      const auto add = [&](std::size_t step, auto beside) __attribute__((always_inline)) {
        add_products<A, kTwo>(a + step * kTileBytes, stride, panel + step * kTileRows * kPanelBytes,
                              beside);
      };
      finish.begin(before);
      Unfinished<Finish> rows{finish, sums, before.rows};
      ENLACE_TILE_FENCE();
      add(0, store);
      ENLACE_TILE_FENCE();
      std::size_t step = 1;
      if (before.rows == 2 * kTileRows && steps >= 2 + Rows::kSteps) {
        add(step++, FinishRows<Rows::kFirst, true, Finish>{rows});
        for (; step < 2 + Rows::kSteps; ++step) {
          add(step, FinishRows<Rows::kNext, true, Finish>{rows});
        }
      }
      for (; step < steps; ++step) add(step, FinishRows<Rows::kNext, false, Finish>{rows});
      while (rows.left > 0) rows.next();
      before = {row, p, block.m - row < kBlockRows ? block.m - row : kBlockRows};
    }
  }
  ENLACE_TILE_FENCE();
  store.before<0>();
  store.before<1>();
  if constexpr (kTwo) store.before<2>();
  if constexpr (kTwo) store.before<3>();
  ENLACE_TILE_FENCE();
  finish.begin(before);
  for (Unfinished<Finish> rows{finish, sums, before.rows}; rows.left > 0;) rows.next();
}

template <class A, class B, class Finish>
void run(const Block<A, B>& block, const Finish& finish) noexcept {
  if (block.m > kTileRows) {
    run_blocks<true>(block, finish);
  } else {
    run_blocks<false>(block, finish);
  }
}

}  // namespace
}  // namespace enlace
