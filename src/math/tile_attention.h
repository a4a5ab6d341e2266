// Attention of sequences that are not too long in bf16, by the processor's tiles.
#pragma once

#include <cstddef>

#include "math/kernels.h"
#include "math/products.h"

namespace enlace {

/// The most tokens that tiles attend to.
inline constexpr std::size_t kMostTileTokens = 128;

/// Two sequences of at most so many tokens are attended to together.
inline constexpr std::size_t kMostPairedTokens = 8;

/// Some heads of one sequence, as in AttentionHead but in bf16, one after the other: head h begins
/// h W columns after the first. W is a multiple of kPanelWidth; rows hold zeros from D to W.
struct Bf16Heads {
  const Bf16* queries;
  const Bf16* keys;
  const Bf16* values;
  std::size_t stride;
  std::size_t tokens;
  std::size_t head_width;  // W
  std::size_t heads;
  std::size_t next_tokens = 0;  // of a sequence whose rows follow, if one does
};

/// What kernels().attend_short does for each of the heads, head h in columns [h W, (h + 1) W) of
/// the context, with the shares of the tokens rounded to bf16. Requires a ProductScope on the
/// thread.
using AttendInBf16 = void (*)(const Bf16Heads& heads, std::size_t queries, float scale,
                              float* context, std::size_t context_stride) noexcept;

/// That function for so many queries, tokens and columns of a head; null if there is none for them,
/// or current_tier() has no tiles.
AttendInBf16 attend_in_bf16(std::size_t queries, std::size_t tokens,
                            std::size_t head_width) noexcept;

/// For 1 to kShortTokens tokens, or for two sequences of 1 to kMostPairedTokens, all of whose
/// tokens are queries; to be called only on a machine with AMX. A sequence's result does not depend
/// on the other.
void attend_by_tiles(const Bf16Heads& heads, std::size_t queries, float scale, float* context,
                     std::size_t context_stride) noexcept;

/// For 16 to kMostTileTokens tokens, at least 16 queries, and heads of up to 128 columns; the same.
void attend_long_by_tiles(const Bf16Heads& heads, std::size_t queries, float scale, float* context,
                          std::size_t context_stride) noexcept;

}  // namespace enlace
