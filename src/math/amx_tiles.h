// The processor's tiles, and a stand-in with the same effect: only for files compiled for AMX.
//
// ENLACE_TILES_IN_SOFTWARE chooses the stand-in, so that the code written for tiles is tested on
// machines without them. It follows the operations that Intel's manual defines (Intel 64 and IA-32
// Software Developer's Manual, volume 2: LDTILECFG, TILELOADD, TDPBUSD, TDPBF16PS).
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace enlace {
namespace {

/// What LDTILECFG reads: palette 1, eight tiles of up to 16 rows of 64 bytes.
struct alignas(64) TileShapes {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {};
  std::uint8_t rows[16] = {};
};
static_assert(sizeof(TileShapes) == 64);

#ifndef ENLACE_TILES_IN_SOFTWARE

inline void configure_tiles(const TileShapes& shapes) noexcept {
  // g++ 12 believes that only the first 8 bytes are read, and would drop the stores of the others.
  asm volatile("" ::"r"(&shapes) : "memory");
  _tile_loadconfig(&shapes);
}
inline void release_tiles() noexcept {
  _tile_release();
}
// The numbers of tiles are part of the instruction, hence macros. A fence: g++ 12 does not know
// that a tile load reads memory.
#define ENLACE_TILE_ZERO(tile) _tile_zero(tile)
#define ENLACE_TILE_LOAD(tile, from, stride) _tile_loadd(tile, from, stride)
#define ENLACE_TILE_STORE(tile, to, stride) _tile_stored(tile, to, stride)
#define ENLACE_TILE_DPBUSD(sums, a, b) _tile_dpbusd(sums, a, b)
#define ENLACE_TILE_DPBF16PS(sums, a, b) _tile_dpbf16ps(sums, a, b)
#define ENLACE_TILE_FENCE() asm volatile("" ::: "memory")

#else

struct SoftwareTiles {
  TileShapes shapes;
  std::uint8_t bytes[8][16][64];
};
inline SoftwareTiles& software_tiles() noexcept {
  static thread_local SoftwareTiles tiles;
  return tiles;
}
inline void configure_tiles(const TileShapes& shapes) noexcept {
  software_tiles() = {shapes, {}};
}
inline void release_tiles() noexcept {
  software_tiles() = {};
}
inline void tile_load(int tile, const void* from, std::size_t stride) noexcept {
  SoftwareTiles& t = software_tiles();
  std::memset(t.bytes[tile], 0, sizeof t.bytes[tile]);
  for (int row = 0; row < t.shapes.rows[tile]; ++row) {
    std::memcpy(t.bytes[tile][row], static_cast<const char*>(from) + std::size_t(row) * stride,
                t.shapes.row_bytes[tile]);
  }
}
inline void tile_store(int tile, void* to, std::size_t stride) noexcept {
  SoftwareTiles& t = software_tiles();
  for (int row = 0; row < t.shapes.rows[tile]; ++row) {
    std::memcpy(static_cast<char*>(to) + std::size_t(row) * stride, t.bytes[tile][row],
                t.shapes.row_bytes[tile]);
  }
}
inline void tile_dpbusd(int sums, int a, int b) noexcept {
  SoftwareTiles& t = software_tiles();
  for (int row = 0; row < t.shapes.rows[sums]; ++row) {
    for (int column = 0; column < t.shapes.row_bytes[sums] / 4; ++column) {
      std::int32_t sum;
      std::memcpy(&sum, &t.bytes[sums][row][4 * column], 4);
      for (int k = 0; k < t.shapes.row_bytes[a]; ++k) {
        sum += t.bytes[a][row][k] * static_cast<std::int8_t>(t.bytes[b][k / 4][4 * column + k % 4]);
      }
      std::memcpy(&t.bytes[sums][row][4 * column], &sum, 4);
    }
  }
}
inline float tile_bf16(const std::uint8_t* bytes) noexcept {
  std::uint16_t half;
  std::memcpy(&half, bytes, 2);
  const std::uint32_t bits = std::uint32_t{half} << 16;
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}
inline void tile_dpbf16ps(int sums, int a, int b) noexcept {
  SoftwareTiles& t = software_tiles();
  for (int row = 0; row < t.shapes.rows[sums]; ++row) {
    for (int column = 0; column < t.shapes.row_bytes[sums] / 4; ++column) {
      float halves[2] = {};  // of the even and the odd values of depth
      for (int k = 0; k < t.shapes.row_bytes[a] / 2; ++k) {
        halves[k % 2] += tile_bf16(&t.bytes[a][row][2 * k]) *
                         tile_bf16(&t.bytes[b][k / 2][4 * column + 2 * (k % 2)]);
      }
      float sum;
      std::memcpy(&sum, &t.bytes[sums][row][4 * column], 4);
      sum += halves[0] + halves[1];
      std::memcpy(&t.bytes[sums][row][4 * column], &sum, 4);
    }
  }
}
#define ENLACE_TILE_ZERO(tile) \
  std::memset(software_tiles().bytes[tile], 0, sizeof software_tiles().bytes[tile])
#define ENLACE_TILE_LOAD(tile, from, stride) tile_load(tile, from, stride)
#define ENLACE_TILE_STORE(tile, to, stride) tile_store(tile, to, stride)
#define ENLACE_TILE_DPBUSD(sums, a, b) tile_dpbusd(sums, a, b)
#define ENLACE_TILE_DPBF16PS(sums, a, b) tile_dpbf16ps(sums, a, b)
#define ENLACE_TILE_FENCE() static_cast<void>(0)

#endif

}  // namespace
}  // namespace enlace
