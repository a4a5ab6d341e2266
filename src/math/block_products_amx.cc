#include "math/block_products.h"
#include "math/dequantized_rows_avx512.h"
#include "math/gelu_avx512.h"
#include "math/gelu_avx512fp16.h"
#include "math/half_rows_avx512fp16.h"
#include "math/tile_blocks_amx.h"

namespace enlace {
namespace {

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
  using Rows = DequantizedRows<RowsBefore<AsRow, float>>;
  run(block, Finish<Rows, float, store>({scales, {base.values, base.stride}}, c, c_stride));
}

void bytes_to_bf16(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                   HalfBase base, Bf16* c, std::size_t c_stride) noexcept {
  if (base.bias != nullptr) {
    using Rows = DequantizedRows<BiasBefore<AsRow>>;
    run(block, Finish<Rows, Bf16, store_bf16>({scales, {base.bias}}, c, c_stride));
  } else {
    using Rows = DequantizedRows<RowsBefore<AsRow, Half>>;
    run(block, Finish<Rows, Bf16, store_bf16>({scales, {base.values, base.stride}}, c, c_stride));
  }
}

/// base + scale_j (step_i sums - shift_i sum_j), then `kFunction`, in binary16.
template <__m512h (*kFunction)(__m512h) noexcept>
void finish_halves(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                   HalfBase base, Half* c, std::size_t c_stride) noexcept {
  const HalfRowScales rows(scales.rows, block.m);
  if (base.bias != nullptr) {
    using Rows = HalfRows<BiasBefore<AsHalves>, kFunction>;
    run(block, Rows(rows, scales.columns, {base.bias}, {c, c_stride}));
  } else {
    using Rows = HalfRows<RowsBefore<AsHalves, Half>, kFunction>;
    run(block, Rows(rows, scales.columns, {base.values, base.stride}, {c, c_stride}));
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
