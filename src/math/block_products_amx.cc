#include <bit>

#include "math/amx_tiles.h"
#include "math/block_products.h"
#include "math/dequantized_rows_avx512.h"
#include "math/gelu_avx512.h"
#include "math/gelu_avx512fp16.h"
#include "math/half_rows_avx512fp16.h"

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
struct Schedule {
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
  using Rows = Schedule<A>;
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

/// base + sums.
class AddedRows {
 public:
  explicit AddedRows(Base base) noexcept : base_(base) {}

  void begin(Place place) noexcept {
    before_ = base_.values + place.row * base_.stride + place.panel * kPanelWidth;
  }

  Row next(const char* sums) noexcept {
    const Row row{_mm512_add_ps(_mm512_loadu_ps(before_), _mm512_load_ps(sums)),
                  _mm512_add_ps(_mm512_loadu_ps(before_ + 16), _mm512_load_ps(sums + kTileBytes))};
    before_ += base_.stride;
    return row;
  }

 private:
  Base base_;
  const float* before_ = nullptr;
};

void store(Row row, float* to) noexcept {
  _mm512_storeu_ps(to, row.low);
  _mm512_storeu_ps(to + 16, row.high);
}

/// The nearest bf16, a half unit rounded away from 0.
void store_bf16(Row row, Bf16* to) noexcept {
  const __m512i half = _mm512_set1_epi32(0x8000);
  const __m512i low = _mm512_add_epi32(_mm512_castps_si512(row.low), half);
  const __m512i high = _mm512_add_epi32(_mm512_castps_si512(row.high), half);
  alignas(64) static constexpr std::uint16_t kUpper[32] = {
      1,  3,  5,  7,  9,  11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31,
      33, 35, 37, 39, 41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 63};
  _mm512_storeu_si512(to, _mm512_permutex2var_epi16(low, _mm512_load_si512(kUpper), high));
}

void store_bf16_gelu(Row row, Bf16* to) noexcept {
  store_bf16({rough_gelu(row.low), rough_gelu(row.high)}, to);
}

/// Rows by `Rows`, stored to c by `kStore`.
template <class Rows, class T, void (*kStore)(Row, T*) noexcept>
class Finish {
 public:
  Finish(Rows rows, T* c, std::size_t c_stride) noexcept : rows_(rows), c_(c), stride_(c_stride) {}

  void begin(Place place) noexcept {
    rows_.begin(place);
    to_ = c_ + place.row * stride_ + place.panel * kPanelWidth;
  }

  void next(const char* sums) noexcept {
    kStore(rows_.next(sums), to_);
    to_ += stride_;
  }

 private:
  Rows rows_;
  T* c_;
  std::size_t stride_;
  T* to_ = nullptr;
};

void bf16_to_floats(const Block<Bf16, Bf16>& block, Base base, float* c,
                    std::size_t c_stride) noexcept {
  run(block, Finish<AddedRows, float, store>(AddedRows(base), c, c_stride));
}

void bf16_to_bf16(const Block<Bf16, Bf16>& block, Base base, Bf16* c,
                  std::size_t c_stride) noexcept {
  run(block, Finish<AddedRows, Bf16, store_bf16>(AddedRows(base), c, c_stride));
}

void bf16_to_gelu(const Block<Bf16, Bf16>& block, Base base, Bf16* c,
                  std::size_t c_stride) noexcept {
  run(block, Finish<AddedRows, Bf16, store_bf16_gelu>(AddedRows(base), c, c_stride));
}

void bytes_to_floats(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                     Base base, float* c, std::size_t c_stride) noexcept {
  using Rows = DequantizedRows<RowsBefore<float>>;
  run(block, Finish<Rows, float, store>({scales, {base.values, base.stride}}, c, c_stride));
}

void bytes_to_bf16(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                   HalfBase base, Bf16* c, std::size_t c_stride) noexcept {
  if (base.bias != nullptr) {
    using Rows = DequantizedRows<FloatBias>;
    run(block, Finish<Rows, Bf16, store_bf16>({scales, {base.bias}}, c, c_stride));
  } else {
    using Rows = DequantizedRows<RowsBefore<Half>>;
    run(block, Finish<Rows, Bf16, store_bf16>({scales, {base.values, base.stride}}, c, c_stride));
  }
}

/// base + scale_j (step_i sums - shift_i sum_j), then `kFunction`, in binary16.
template <__m512h (*kFunction)(__m512h) noexcept>
void finish_halves(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                   HalfBase base, Half* c, std::size_t c_stride) noexcept {
  const HalfRowScales rows(scales.rows, block.m);
  if (base.bias != nullptr) {
    run(block, HalfRows<HalfBias, kFunction>(rows, scales.columns, {base.bias}, {c, c_stride}));
  } else {
    run(block, HalfRows<HalvesBefore, kFunction>(rows, scales.columns, {base.values, base.stride},
                                                 {c, c_stride}));
  }
}

__m512h same(__m512h x) noexcept {
  return x;
}

void bytes_to_halves(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                     HalfBase base, Half* c, std::size_t c_stride) noexcept {
  finish_halves<same>(block, scales, base, c, c_stride);
}

void bytes_to_gelu(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                   HalfBase base, Half* c, std::size_t c_stride) noexcept {
  finish_halves<half_gelu>(block, scales, base, c, c_stride);
}

}  // namespace

BlockProducts with_tiles(const BlockProducts& table) noexcept {
  BlockProducts result = table;
  result.name = "tiles";
  result.bf16_to_floats = bf16_to_floats;
  result.bf16_to_bf16 = bf16_to_bf16;
  result.bf16_to_gelu = bf16_to_gelu;
  result.bytes_to_floats = bytes_to_floats;
  result.bytes_to_bf16 = bytes_to_bf16;
  result.bytes_to_halves = bytes_to_halves;
  result.bytes_to_gelu = bytes_to_gelu;
  return result;
}

}  // namespace enlace
