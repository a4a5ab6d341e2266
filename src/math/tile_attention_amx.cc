#include "math/amx_tiles.h"
#include "math/attention_avx512.h"
#include "math/tile_attention.h"

namespace enlace {
namespace {

constexpr std::size_t kTileRows = 16;
constexpr std::size_t kTileBytes = 64;
constexpr std::size_t kTileSize = kTileRows * kTileBytes;

/// Tiles 0 and 1 hold sums, 2 the queries, 4 the shares: one row for each query. 3 holds keys, 5
/// and 6 values.
void shape_tiles(std::size_t queries) noexcept {
  TileShapes shapes;
  for (int tile = 0; tile < 8; ++tile) {
    const bool of_queries = tile <= 2 || tile == 4;
    shapes.row_bytes[tile] = kTileBytes;
    shapes.rows[tile] = static_cast<std::uint8_t>(of_queries ? queries : kTileRows);
  }
  configure_tiles(shapes);
}

__m512i row_of(const Bf16* rows, std::size_t stride, std::size_t j, std::size_t tokens) noexcept {
  return j < tokens ? _mm512_loadu_si512(rows + j * stride) : _mm512_setzero_si512();
}

/// The keys' words as columns: word (l, j) is values 2 l and 2 l + 1 of token j.
void pack_keys(const Bf16* keys, std::size_t stride, std::size_t tokens, void* tile) noexcept {
  __m512 rows[kTileRows];
#pragma GCC unroll 16
  for (std::size_t j = 0; j < kTileRows; ++j) {
    rows[j] = _mm512_castsi512_ps(row_of(keys, stride, j, tokens));
  }
  transpose(rows, static_cast<float*>(tile));
}

/// The values of two tokens as words, for 32 columns in two tiles. What would be beyond the last
/// token is zero.
void pack_values(const Bf16* values, std::size_t stride, std::size_t tokens, char* tiles) noexcept {
  alignas(64) static constexpr std::uint16_t kPairs[2][32] = {
      {0, 32, 1, 33, 2,  34, 3,  35, 4,  36, 5,  37, 6,  38, 7,  39,
       8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47},
      {16, 48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55,
       24, 56, 25, 57, 26, 58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63}};
  for (std::size_t j = 0; j < kTileRows; j += 2, tiles += kTileBytes) {
    const __m512i even = row_of(values, stride, j, tokens);
    const __m512i odd = row_of(values, stride, j + 1, tokens);
    _mm512_store_si512(tiles, _mm512_permutex2var_epi16(even, _mm512_load_si512(kPairs[0]), odd));
    _mm512_store_si512(tiles + kTileSize,
                       _mm512_permutex2var_epi16(even, _mm512_load_si512(kPairs[1]), odd));
  }
}

/// Bits of the nearest bf16, a half unit rounded away from 0.
__m256i as_bf16(__m512 value) noexcept {
  const __m512i bits = _mm512_add_epi32(_mm512_castps_si512(value), _mm512_set1_epi32(0x8000));
  return _mm512_cvtepi32_epi16(_mm512_srli_epi32(bits, 16));
}

/// Scratch of one head. What shares and values have beyond 16 tokens stays zero.
struct Tiles {
  alignas(64) char keys[kTileSize];
  alignas(64) float scores[kTileRows * kLanes];
  alignas(64) char shares[kTileSize] = {};
  alignas(64) char values[2 * kTileSize] = {};
};

}  // namespace

void attend_by_tiles(const Bf16Heads& heads, std::size_t queries, float scale, float* context,
                     std::size_t context_stride) noexcept {
  Tiles tiles;
  const std::size_t stride = heads.stride * sizeof(Bf16);
  const __mmask16 in = lanes_at(0, heads.tokens);
  shape_tiles(queries);
  for (std::size_t h = 0; h < heads.heads; ++h) {
    const std::size_t first = h * heads.head_width;
    ENLACE_TILE_ZERO(0);
    for (std::size_t w = first; w < first + heads.head_width; w += kPanelWidth) {
      pack_keys(heads.keys + w, heads.stride, heads.tokens, tiles.keys);
      ENLACE_TILE_FENCE();
      ENLACE_TILE_LOAD(2, heads.queries + w, stride);
      ENLACE_TILE_LOAD(3, tiles.keys, kTileBytes);
      ENLACE_TILE_DPBF16PS(0, 2, 3);
    }
    ENLACE_TILE_STORE(0, tiles.scores, kTileBytes);
    ENLACE_TILE_FENCE();
    for (std::size_t i = 0; i < queries; ++i) {
      const __m512 shares = softmax_of(_mm512_load_ps(tiles.scores + i * kLanes), in, scale);
      _mm256_store_si256(reinterpret_cast<__m256i*>(tiles.shares + i * kTileBytes),
                         as_bf16(shares));
    }
    for (std::size_t w = first; w < first + heads.head_width; w += kPanelWidth) {
      pack_values(heads.values + w, heads.stride, heads.tokens, tiles.values);
      ENLACE_TILE_FENCE();
      ENLACE_TILE_ZERO(0);
      ENLACE_TILE_ZERO(1);
      ENLACE_TILE_LOAD(4, tiles.shares, kTileBytes);
      ENLACE_TILE_LOAD(5, tiles.values, kTileBytes);
      ENLACE_TILE_LOAD(6, tiles.values + kTileSize, kTileBytes);
      ENLACE_TILE_DPBF16PS(0, 4, 5);
      ENLACE_TILE_DPBF16PS(1, 4, 6);
      ENLACE_TILE_STORE(0, context + w, context_stride * sizeof(float));
      ENLACE_TILE_STORE(1, context + w + kLanes, context_stride * sizeof(float));
      ENLACE_TILE_FENCE();
    }
  }
  shape_tiles(kTileRows);  // as ProductScope leaves them
}

}  // namespace enlace
