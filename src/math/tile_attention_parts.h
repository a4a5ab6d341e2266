// What attention by tiles is made of: only for files compiled for AMX.
#pragma once

#include "math/amx_tiles.h"
#include "math/attention_avx512.h"
#include "math/rows_avx512.h"
#include "math/tile_attention.h"

namespace enlace {
namespace {

constexpr std::size_t kTileRows = 16;
constexpr std::size_t kTileBytes = 64;
constexpr std::size_t kTileSize = kTileRows * kTileBytes;

/// Some columns of the tokens of one sequence, or of two, the second from kMostPairedTokens on.
struct TokenRows {
  const Bf16* rows;
  std::size_t stride;
  std::size_t tokens;
  std::size_t next_tokens = 0;  // of the second

  /// 32 columns of token j; zeros if there is none.
  __m512i operator[](std::size_t j) const noexcept {
    const bool second = next_tokens > 0 && j >= kMostPairedTokens;
    const std::size_t i = second ? j - kMostPairedTokens : j;
    if (i >= (second ? next_tokens : tokens)) return _mm512_setzero_si512();
    return _mm512_loadu_si512(rows + (second ? tokens + i : i) * stride);
  }
};

/// The keys' words as columns: word (l, j) is values 2 l and 2 l + 1 of token j.
inline void pack_keys(const TokenRows& keys, void* tile) noexcept {
  __m512 rows[kTileRows];
#pragma GCC unroll 16
  for (std::size_t j = 0; j < kTileRows; ++j) {
    rows[j] = _mm512_castsi512_ps(keys[j]);
  }
  transpose(rows, static_cast<float*>(tile));
}

/// The values of two tokens as words, for 32 columns in two tiles, of as many tokens as `room`;
/// zero beyond the last one.
inline void pack_values(const TokenRows& values, std::size_t room, char* tiles) noexcept {
  alignas(64) static constexpr std::uint16_t kPairs[2][32] = {
      {0, 32, 1, 33, 2,  34, 3,  35, 4,  36, 5,  37, 6,  38, 7,  39,
       8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47},
      {16, 48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55,
       24, 56, 25, 57, 26, 58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63}};
  for (std::size_t j = 0; j < room; j += 2, tiles += kTileBytes) {
    const __m512i even = values[j], odd = values[j + 1];
    _mm512_store_si512(tiles, _mm512_permutex2var_epi16(even, _mm512_load_si512(kPairs[0]), odd));
    _mm512_store_si512(tiles + kTileSize,
                       _mm512_permutex2var_epi16(even, _mm512_load_si512(kPairs[1]), odd));
  }
}

/// 2^x for x <= 0. Error at most 5e-5 of it, a fortieth of what rounding to bf16 may cost.
inline __m512 rough_power(__m512 x) noexcept {
  const __m512 n = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m512 r = _mm512_sub_ps(x, n);
  // The powers of ln 2 over their factorials.
  constexpr float kFactors[5] = {1, 0.693147181F, 0.240226507F, 0.0555041087F, 0.00961812911F};
  __m512 sum = _mm512_set1_ps(kFactors[4]);
#pragma GCC unroll 4
  for (int i = 3; i >= 0; --i) sum = _mm512_fmadd_ps(sum, r, _mm512_set1_ps(kFactors[i]));
  return _mm512_scalef_ps(sum, n);
}

}  // namespace
}  // namespace enlace
