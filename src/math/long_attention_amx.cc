#include "math/tile_attention_parts.h"

namespace enlace {
namespace {

// All tiles have 16 rows of 64 bytes, as ProductScope shapes them: 0 and 1 hold sums, 4 queries or
// shares, 6 and 7 keys or values.
constexpr std::size_t kPairTokens = 2 * kTileRows;  // whose shares fill the rows of a tile
constexpr std::size_t kRowsAlive = 128;             // of scores at a time
constexpr std::size_t kMostWidth = 128;             // of a head

/// Scratch of some heads. A row of scores or shares is `width` long: all tokens, in whole pairs of
/// tiles.
struct LongTiles {
  alignas(64) char keys[kMostTileTokens / kTileRows * kMostWidth / kPanelWidth * kTileSize];
  alignas(64) char values[kMostTileTokens / kPairTokens * 2 * kTileSize];
  alignas(64) float scores[kRowsAlive * kMostTileTokens];
  alignas(64) Bf16 shares[kRowsAlive * kMostTileTokens];
};

/// Calls body(first row, number) for blocks of sixteen of n rows; the last goes back over rows of
/// the one before.
template <class Body>
void for_row_blocks(std::size_t n, const Body& body) noexcept {
  for (std::size_t row = 0, block = 0; row < n; row += kTileRows, ++block) {
    body(row + kTileRows <= n ? row : n - kTileRows, block);
  }
}

/// The scores of all queries of a head, blocks of sixteen rows one after another.
void score(const Bf16Heads& heads, std::size_t first, std::size_t queries, std::size_t width,
           LongTiles& tiles, float* scores) noexcept {
  const std::size_t steps = heads.head_width / kPanelWidth;
  for (std::size_t step = 0; step < steps; ++step) {
    for (std::size_t token = 0; token < width; token += kTileRows) {
      const std::size_t left = token < heads.tokens ? heads.tokens - token : 0;
      pack_keys(
          {heads.keys + first + step * kPanelWidth + token * heads.stride, heads.stride, left},
          tiles.keys + (token / kTileRows * steps + step) * kTileSize);
    }
  }
  ENLACE_TILE_FENCE();
  const std::size_t stride = heads.stride * sizeof(Bf16), row_bytes = width * sizeof(float);
  for_row_blocks(queries, [&](std::size_t row, std::size_t block) {
    const Bf16* rows = heads.queries + row * heads.stride + first;
    float* to = scores + block * kTileRows * width;
    for (std::size_t token = 0; token < width; token += kPairTokens) {
      const char* keys = tiles.keys + token / kTileRows * steps * kTileSize;
      ENLACE_TILE_ZERO(0);
      ENLACE_TILE_ZERO(1);
      for (std::size_t step = 0; step < steps; ++step) {
        ENLACE_TILE_LOAD(4, rows + step * kPanelWidth, stride);
        ENLACE_TILE_LOAD(6, keys + step * kTileSize, kTileBytes);
        ENLACE_TILE_LOAD(7, keys + (steps + step) * kTileSize, kTileBytes);
        ENLACE_TILE_DPBF16PS(0, 4, 6);
        ENLACE_TILE_DPBF16PS(1, 4, 7);
      }
      ENLACE_TILE_STORE(0, to + token, row_bytes);
      ENLACE_TILE_STORE(1, to + token + kTileRows, row_bytes);
    }
  });
}

/// The softmax of four rows of scores, of `tokens` each, in bf16; 0 from there to `width`. `scale`
/// is that of powers of 2.
void share(float* scores, std::size_t tokens, std::size_t width, float scale,
           Bf16* shares) noexcept {
  const __m512 factor = _mm512_set1_ps(scale), lowest = _mm512_set1_ps(-1e30F);
  __m512 tops[kRowsTogether], sums[kRowsTogether] = {};
#pragma GCC unroll 4
  for (std::size_t r = 0; r < kRowsTogether; ++r) tops[r] = lowest;
  const auto load = [&](std::size_t r, std::size_t i) {
    const __mmask16 in = i < tokens ? lanes_at(i, tokens) : __mmask16{0};
    return _mm512_mask_loadu_ps(lowest, in, scores + r * width + i);
  };
  for (std::size_t i = 0; i < tokens; i += kLanes) {
#pragma GCC unroll 4
    for (std::size_t r = 0; r < kRowsTogether; ++r) tops[r] = _mm512_max_ps(tops[r], load(r, i));
  }
  const __m512 top = _mm512_mul_ps(in_quarters(tops, greatest_of), factor);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < kRowsTogether; ++r) tops[r] = quarter(top, r);
  for (std::size_t i = 0; i < width; i += kLanes) {
#pragma GCC unroll 4
    for (std::size_t r = 0; r < kRowsTogether; ++r) {
      const __m512 power = rough_power(_mm512_fmsub_ps(load(r, i), factor, tops[r]));
      _mm512_storeu_ps(scores + r * width + i, power);
      sums[r] = _mm512_add_ps(sums[r], power);
    }
  }
  const __m512 part = _mm512_rcp14_ps(in_quarters(sums, sum_of));
#pragma GCC unroll 4
  for (std::size_t r = 0; r < kRowsTogether; ++r) sums[r] = quarter(part, r);
  for (std::size_t i = 0; i < width; i += kPairTokens) {
#pragma GCC unroll 4
    for (std::size_t r = 0; r < kRowsTogether; ++r) {
      const float* from = scores + r * width + i;
      const __m512bh two =
          _mm512_cvtne2ps_pbh(_mm512_mul_ps(_mm512_loadu_ps(from + kLanes), sums[r]),
                              _mm512_mul_ps(_mm512_loadu_ps(from), sums[r]));
      std::memcpy(shares + r * width + i, &two, sizeof two);
    }
  }
}

/// The contexts of all queries of a head.
void mix(const Bf16Heads& heads, std::size_t first, std::size_t queries, std::size_t width,
         LongTiles& tiles, const Bf16* shares, float* context,
         std::size_t context_stride) noexcept {
  const std::size_t row_bytes = width * sizeof(Bf16), to_stride = context_stride * sizeof(float);
  for (std::size_t w = first; w < first + heads.head_width; w += kPanelWidth) {
    for (std::size_t token = 0; token < width; token += kPairTokens) {
      pack_values({heads.values + w + token * heads.stride, heads.stride, heads.tokens - token},
                  kPairTokens, tiles.values + token / kPairTokens * 2 * kTileSize);
    }
    ENLACE_TILE_FENCE();
    for_row_blocks(queries, [&](std::size_t row, std::size_t block) {
      const Bf16* rows = shares + block * kTileRows * width;
      ENLACE_TILE_ZERO(0);
      ENLACE_TILE_ZERO(1);
      for (std::size_t token = 0; token < width; token += kPairTokens) {
        const char* values = tiles.values + token / kPairTokens * 2 * kTileSize;
        ENLACE_TILE_LOAD(4, rows + token, row_bytes);
        ENLACE_TILE_LOAD(6, values, kTileBytes);
        ENLACE_TILE_LOAD(7, values + kTileSize, kTileBytes);
        ENLACE_TILE_DPBF16PS(0, 4, 6);
        ENLACE_TILE_DPBF16PS(1, 4, 7);
      }
      ENLACE_TILE_STORE(0, context + row * context_stride + w, to_stride);
      ENLACE_TILE_STORE(1, context + row * context_stride + w + kLanes, to_stride);
    });
    ENLACE_TILE_FENCE();
  }
}

}  // namespace

void attend_long_by_tiles(const Bf16Heads& heads, std::size_t queries, float scale, float* context,
                          std::size_t context_stride) noexcept {
  constexpr float kLog2OfE = 1.44269504F;
  LongTiles tiles;
  const std::size_t width = (heads.tokens + kPairTokens - 1) / kPairTokens * kPairTokens;
  const std::size_t rows = (queries + kTileRows - 1) / kTileRows * kTileRows;  // of a head
  const std::size_t together = kRowsAlive / rows;
  // One step for some heads after another, so that none waits for what the step before has stored.
  for (std::size_t some = 0; some < heads.heads; some += together) {
    const std::size_t left = heads.heads - some;
    const std::size_t count = left < together ? left : together;
    const auto column_of = [&](std::size_t h) { return (some + h) * heads.head_width; };
    for (std::size_t h = 0; h < count; ++h) {
      score(heads, column_of(h), queries, width, tiles, tiles.scores + h * rows * width);
    }
    ENLACE_TILE_FENCE();
    for (std::size_t row = 0; row < count * rows; row += kRowsTogether) {
      share(tiles.scores + row * width, heads.tokens, width, scale * kLog2OfE,
            tiles.shares + row * width);
    }
    ENLACE_TILE_FENCE();
    for (std::size_t h = 0; h < count; ++h) {
      mix(heads, column_of(h), queries, width, tiles, tiles.shares + h * rows * width, context,
          context_stride);
    }
  }
}

}  // namespace enlace
