// Products of some rows with some panels, finished at once: what a linear layer is made of.
//
// Two tables: one does every product with a panel by math/products.h and then finishes its sums by
// math/kernels.h, in the instructions of the current tier; it is the definition of the other, which
// finishes the sums of a block of tiles while the processor's matrix unit computes the next.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/kernels.h"
#include "math/products.h"

namespace enlace {

/// The most rows that a block has.
inline constexpr std::size_t kMostBlockRows = 64;

/// Memory after the rows of a block may be read, but does not matter, as far as to a multiple of
/// this many rows.
inline constexpr std::size_t kRowsReadTogether = 32;

/// m rows of values, `stride` apart, and `count` panels, `panel_stride` values apart, both `depth`
/// deep.
template <class A, class B>
struct Block {
  const A* rows;
  std::size_t stride;
  std::size_t m;  // 1 .. kMostBlockRows
  const B* panels;
  std::size_t panel_stride;
  std::size_t depth;
  std::size_t count;
};

/// The most that the magnitudes of a column of bytes may sum up to, so that its products with rows
/// of bytes less their zeros stay below 2^23.
inline constexpr std::int32_t kMostColumnSum = (1 << 23) / 256;

/// What the products of a block of bytes are to be multiplied with.
struct BlockScales {
  QuantizedRows rows;
  QuantizedColumns columns;  // of the first panel; those of the others follow
};

/// c, `c_stride` from row to row, gets kPanelWidth columns from each panel; so has the base. The
/// formulas and their errors are those of math/kernels.h; but halves of bytes are made from sums
/// that may be cut to multiples of 256, and then no column may have magnitudes that sum up to more
/// than kMostColumnSum, nor a shift be other than a whole number of steps from 0 to 255. Panels
/// of bytes have narrow quads where products() wants them. Require
/// what math/products.h does, and a ProductScope on the thread. A row's result does not depend on
/// its neighbours.
struct BlockProducts {
  const char* name;

  void (*floats_to_floats)(const Block<float, float>& block, Base base, float* c,
                           std::size_t c_stride) noexcept;
  void (*floats_to_gelu)(const Block<float, float>& block, Base base, float* c,
                         std::size_t c_stride) noexcept;
  void (*bf16_to_floats)(const Block<Bf16, Bf16>& block, Base base, float* c,
                         std::size_t c_stride) noexcept;
  void (*bf16_to_bf16)(const Block<Bf16, Bf16>& block, Base base, Bf16* c,
                       std::size_t c_stride) noexcept;
  void (*bf16_to_gelu)(const Block<Bf16, Bf16>& block, Base base, Bf16* c,
                       std::size_t c_stride) noexcept;
  void (*bytes_to_floats)(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                          Base base, float* c, std::size_t c_stride) noexcept;
  void (*bytes_to_bf16)(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                        HalfBase base, Bf16* c, std::size_t c_stride) noexcept;
  void (*bytes_to_halves)(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                          HalfBase base, Half* c, std::size_t c_stride) noexcept;
  void (*bytes_to_gelu)(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                        HalfBase base, Half* c, std::size_t c_stride) noexcept;
};

extern const BlockProducts kComposedBlockProducts;

/// `table` with what it does on bf16 and bytes done by AMX: requires a machine that has it.
BlockProducts with_tiles(const BlockProducts& table) noexcept;

/// The faster table for current_tier().
const BlockProducts& block_products() noexcept;

}  // namespace enlace
