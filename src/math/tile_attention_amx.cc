#include "math/tile_attention_parts.h"

namespace enlace {
namespace {

constexpr std::size_t kHeadsTogether = 8;  // whose scores are alive at a time

/// Tiles 0 and 1 hold sums, 2 the queries, 4 the shares: one row for each query. 3 holds keys, 5
/// and 6 values, two tokens a row, of which 4 has as many columns.
void shape_tiles(std::size_t queries, std::size_t pairs) noexcept {
  TileShapes shapes;
  for (int tile = 0; tile < 8; ++tile) {
    const bool of_queries = tile <= 2 || tile == 4, of_values = tile == 5 || tile == 6;
    shapes.row_bytes[tile] = static_cast<std::uint16_t>(tile == 4 ? 4 * pairs : kTileBytes);
    shapes.rows[tile] = static_cast<std::uint8_t>(of_queries  ? queries
                                                  : of_values ? pairs
                                                              : kTileRows);
  }
  configure_tiles(shapes);
}

/// The softmax of four rows of scores, each of its lanes `in`, in bf16. `scale` is that of powers
/// of 2.
void share(const float* scores, const __mmask16* in, float scale, Bf16* shares) noexcept {
  const __m512 factor = _mm512_set1_ps(scale), lowest = _mm512_set1_ps(-1e30F);
  __m512 rows[kRowsTogether];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < kRowsTogether; ++r) {
    rows[r] = _mm512_mask_loadu_ps(lowest, in[r], scores + r * kLanes);
  }
  const __m512 tops = _mm512_mul_ps(in_quarters(rows, greatest_of), factor);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < kRowsTogether; ++r) {
    rows[r] = rough_power(_mm512_fmsub_ps(rows[r], factor, quarter(tops, r)));
  }
  const __m512 parts = _mm512_rcp14_ps(in_quarters(rows, sum_of));
#pragma GCC unroll 4
  for (std::size_t r = 0; r < kRowsTogether; ++r) {
    rows[r] = _mm512_mul_ps(rows[r], quarter(parts, r));
  }
#pragma GCC unroll 2
  for (std::size_t r = 0; r < kRowsTogether; r += 2) {
    const __m512bh two = _mm512_cvtne2ps_pbh(rows[r + 1], rows[r]);
    std::memcpy(shares + r * kLanes, &two, sizeof two);
  }
}

/// Scratch of some heads: a row of sixteen for each query of each head, without gaps, and up to
/// three more, which count for nothing.
struct Tiles {
  static constexpr std::size_t kRows = kHeadsTogether * kTileRows;

  alignas(64) char keys[2][kTileSize];  // in turns
  alignas(64) char values[2][2 * kTileSize];
  alignas(64) float scores[kRows * kLanes];
  alignas(64) Bf16 shares[kRows * kLanes];
  __mmask16 in[kRows];  // the lanes of a query's own sequence
};

/// The same lanes for the queries of every head.
void find_lanes(const Bf16Heads& heads, std::size_t queries, __mmask16* in) noexcept {
  const __mmask16 own = lanes_at(0, heads.tokens);
  const auto next = static_cast<__mmask16>(lanes_at(0, heads.next_tokens) << kMostPairedTokens);
  std::size_t row = 0;
  for (std::size_t h = 0; h < kHeadsTogether; ++h) {
    for (std::size_t i = 0; i < queries; ++i) in[row++] = i < heads.tokens ? own : next;
  }
  while (row < Tiles::kRows) in[row++] = own;
}

/// Calls pack(w) and then multiply(w) for the first of every kPanelWidth columns, but pack(next w)
/// before: a tile that is loaded waits until what was stored there has left for the cache.
template <class Pack, class Multiply>
void for_columns(std::size_t first, std::size_t last, const Pack& pack,
                 const Multiply& multiply) noexcept {
  pack(first);
  for (std::size_t w = first; w < last; w += kPanelWidth) {
    if (w + kPanelWidth < last) pack(w + kPanelWidth);
    ENLACE_TILE_FENCE();
    multiply(w);
    ENLACE_TILE_FENCE();
  }
}

/// Which of two that are used in turns.
std::size_t turn(std::size_t column) noexcept {
  return column / kPanelWidth % 2;
}

/// The scores of all queries of the heads from column `first` to `last`.
void score(const Bf16Heads& heads, std::size_t first, std::size_t last, std::size_t queries,
           Tiles& tiles) noexcept {
  const auto pack = [&](std::size_t w) {
    pack_keys({heads.keys + w, heads.stride, heads.tokens, heads.next_tokens}, tiles.keys[turn(w)]);
  };
  float* scores = tiles.scores;
  for_columns(first, last, pack, [&](std::size_t w) {
    if (w % heads.head_width == 0) ENLACE_TILE_ZERO(0);
    ENLACE_TILE_LOAD(2, heads.queries + w, heads.stride * sizeof(Bf16));
    ENLACE_TILE_LOAD(3, tiles.keys[turn(w)], kTileBytes);
    ENLACE_TILE_DPBF16PS(0, 2, 3);
    if ((w + kPanelWidth) % heads.head_width != 0) return;
    ENLACE_TILE_STORE(0, scores, kTileBytes);
    scores += queries * kLanes;
  });
}

/// The contexts of all queries of these heads.
void mix(const Bf16Heads& heads, std::size_t first, std::size_t last, std::size_t queries,
         std::size_t room, Tiles& tiles, float* context, std::size_t context_stride) noexcept {
  const auto pack = [&](std::size_t w) {
    pack_values({heads.values + w, heads.stride, heads.tokens, heads.next_tokens}, room,
                tiles.values[turn(w)]);
  };
  const Bf16* shares = tiles.shares;
  for_columns(first, last, pack, [&](std::size_t w) {
    const char* values = tiles.values[turn(w)];
    if (w % heads.head_width == 0) {
      ENLACE_TILE_LOAD(4, shares, kLanes * sizeof(Bf16));
      shares += queries * kLanes;
    }
    ENLACE_TILE_ZERO(0);
    ENLACE_TILE_ZERO(1);
    ENLACE_TILE_LOAD(5, values, kTileBytes);
    ENLACE_TILE_LOAD(6, values + kTileSize, kTileBytes);
    ENLACE_TILE_DPBF16PS(0, 4, 5);
    ENLACE_TILE_DPBF16PS(1, 4, 6);
    ENLACE_TILE_STORE(0, context + w, context_stride * sizeof(float));
    ENLACE_TILE_STORE(1, context + w + kLanes, context_stride * sizeof(float));
  });
}

}  // namespace

void attend_by_tiles(const Bf16Heads& heads, std::size_t queries, float scale, float* context,
                     std::size_t context_stride) noexcept {
  constexpr float kLog2OfE = 1.44269504F;
  Tiles tiles;
  const std::size_t room = heads.next_tokens > 0 ? kTileRows : heads.tokens + heads.tokens % 2;
  find_lanes(heads, queries, tiles.in);
  shape_tiles(queries, room / 2);
  // One step for some heads after another, so that none waits for what the step before has stored.
  for (std::size_t some = 0; some < heads.heads; some += kHeadsTogether) {
    const std::size_t left = heads.heads - some;
    const std::size_t count = left < kHeadsTogether ? left : kHeadsTogether;
    const std::size_t first = some * heads.head_width, last = first + count * heads.head_width;
    score(heads, first, last, queries, tiles);
    ENLACE_TILE_FENCE();
    for (std::size_t row = 0; row < count * queries; row += kRowsTogether) {
      share(tiles.scores + row * kLanes, tiles.in + row, scale * kLog2OfE,
            tiles.shares + row * kLanes);
    }
    ENLACE_TILE_FENCE();
    mix(heads, first, last, queries, room, tiles, context, context_stride);
  }
  shape_tiles(kTileRows, kTileRows);  // as ProductScope leaves them
}

}  // namespace enlace
