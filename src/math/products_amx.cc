#include "math/amx_tiles.h"
#include "math/product_tile_avx512.h"

namespace enlace {
namespace {

// Tiles 0 to 3 hold the sums of 32 rows x 32 columns, 4 and 5 rows of a, 6 and 7 columns of the
// panel: four products for four loads.
constexpr std::size_t kTileRows = 16;
constexpr std::size_t kTileBytes = 64;
constexpr std::size_t kPanelBytes = kPanelWidth * 4;  // of a row of words

/// All tiles with `rows` rows, but those of the panel, which are always whole.
void shape_tiles(std::size_t rows) noexcept {
  TileShapes shapes;
  for (int tile = 0; tile < 8; ++tile) {
    shapes.row_bytes[tile] = kTileBytes;
    shapes.rows[tile] = static_cast<std::uint8_t>(tile < 6 ? rows : kTileRows);
  }
  configure_tiles(shapes);
}

void begin() noexcept {
  shape_tiles(kTileRows);
}

void end() noexcept {
  release_tiles();
}

/// Row i of a tile begins at `at` + i `stride` bytes.
struct Rows {
  const char* at;
  std::size_t stride;
};

// The instruction names its tiles, so a function template cannot take them; it takes the
// instruction. One tile of rows, and two.
#define ENLACE_MULTIPLY_ROWS(NAME, PRODUCT)                                                     \
  void NAME##_16(Rows a, const char* panel, std::size_t bytes, void* c, std::size_t c_stride) { \
    ENLACE_TILE_FENCE();                                                                        \
    ENLACE_TILE_ZERO(0);                                                                        \
    ENLACE_TILE_ZERO(1);                                                                        \
    for (std::size_t l = 0; l < bytes; l += kTileBytes, panel += kTileRows * kPanelBytes) {     \
      ENLACE_TILE_LOAD(4, a.at + l, a.stride);                                                  \
      ENLACE_TILE_LOAD(6, panel, kPanelBytes);                                                  \
      ENLACE_TILE_LOAD(7, panel + kTileBytes, kPanelBytes);                                     \
      PRODUCT(0, 4, 6);                                                                         \
      PRODUCT(1, 4, 7);                                                                         \
    }                                                                                           \
    char* to = static_cast<char*>(c);                                                           \
    ENLACE_TILE_STORE(0, to, c_stride);                                                         \
    ENLACE_TILE_STORE(1, to + kTileBytes, c_stride);                                            \
    ENLACE_TILE_FENCE();                                                                        \
  }                                                                                             \
  void NAME##_32(Rows a, const char* panel, std::size_t bytes, void* c, std::size_t c_stride) { \
    ENLACE_TILE_FENCE();                                                                        \
    ENLACE_TILE_ZERO(0);                                                                        \
    ENLACE_TILE_ZERO(1);                                                                        \
    ENLACE_TILE_ZERO(2);                                                                        \
    ENLACE_TILE_ZERO(3);                                                                        \
    const char* lower = a.at + kTileRows * a.stride;                                            \
    for (std::size_t l = 0; l < bytes; l += kTileBytes, panel += kTileRows * kPanelBytes) {     \
      ENLACE_TILE_LOAD(4, a.at + l, a.stride);                                                  \
      ENLACE_TILE_LOAD(6, panel, kPanelBytes);                                                  \
      ENLACE_TILE_LOAD(7, panel + kTileBytes, kPanelBytes);                                     \
      ENLACE_TILE_LOAD(5, lower + l, a.stride);                                                 \
      PRODUCT(0, 4, 6);                                                                         \
      PRODUCT(1, 4, 7);                                                                         \
      PRODUCT(2, 5, 6);                                                                         \
      PRODUCT(3, 5, 7);                                                                         \
    }                                                                                           \
    char* to = static_cast<char*>(c);                                                           \
    ENLACE_TILE_STORE(0, to, c_stride);                                                         \
    ENLACE_TILE_STORE(1, to + kTileBytes, c_stride);                                            \
    ENLACE_TILE_STORE(2, to + kTileRows * c_stride, c_stride);                                  \
    ENLACE_TILE_STORE(3, to + kTileRows * c_stride + kTileBytes, c_stride);                     \
    ENLACE_TILE_FENCE();                                                                        \
  }
ENLACE_MULTIPLY_ROWS(multiply_bytes, ENLACE_TILE_DPBUSD)
ENLACE_MULTIPLY_ROWS(multiply_halves, ENLACE_TILE_DPBF16PS)
#undef ENLACE_MULTIPLY_ROWS

using Multiply = void (*)(Rows, const char*, std::size_t, void*, std::size_t);

/// At least 16 rows; the last tile goes back over rows that are done already if it must. All in
/// bytes, but for `m` rows.
void multiply_tiles(Multiply of_16, Multiply of_32, Rows a, std::size_t m, const void* panel,
                    std::size_t depth, void* c, std::size_t c_stride) noexcept {
  const auto* from = static_cast<const char*>(panel);
  auto* to = static_cast<char*>(c);
  for (std::size_t i = 0; i < m;) {
    const bool two = m - i > kTileRows && m >= 2 * kTileRows;
    const std::size_t rows = two ? 2 * kTileRows : kTileRows;
    const std::size_t first = i + rows <= m ? i : m - rows;
    (two ? of_32 : of_16)({a.at + first * a.stride, a.stride}, from, depth, to + first * c_stride,
                          c_stride);
    i = first + rows;
  }
}

void multiply_int8(const std::uint8_t* a, std::size_t a_stride, std::size_t m,
                   const std::int8_t* panel, std::size_t k, std::int32_t* c,
                   std::size_t c_stride) noexcept {
  if (m < kTileRows) {  // integers are the same by any instruction
    multiply<TimesInt8>(a, a_stride, m, panel, k, c, c_stride);
    return;
  }
  multiply_tiles(multiply_bytes_16, multiply_bytes_32, {reinterpret_cast<const char*>(a), a_stride},
                 m, panel, k, c, c_stride * sizeof *c);
}

void multiply_bf16(const Bf16* a, std::size_t a_stride, std::size_t m, const Bf16* panel,
                   std::size_t k, float* c, std::size_t c_stride) noexcept {
  const Rows rows{reinterpret_cast<const char*>(a), a_stride * sizeof *a};
  if (m == 0) return;
  if (m < kTileRows) {
    shape_tiles(m);
    multiply_halves_16(rows, reinterpret_cast<const char*>(panel), k * sizeof *a, c,
                       c_stride * sizeof *c);
    shape_tiles(kTileRows);
    return;
  }
  multiply_tiles(multiply_halves_16, multiply_halves_32, rows, m, panel, k * sizeof *a, c,
                 c_stride * sizeof *c);
}

}  // namespace

#ifndef ENLACE_TILES_IN_SOFTWARE
const Products kAmxProducts
#else
extern const Products kSoftwareAmxProducts;
const Products kSoftwareAmxProducts
#endif
    {"amx",         multiply<TimesF32, float, float>,
     multiply_bf16, multiply_int8,
     multiply_int8, false,
     begin,         end};

}  // namespace enlace
