// Attention of short sequences in bf16, by the processor's tiles.
#pragma once

#include <cstddef>

#include "math/kernels.h"
#include "math/products.h"

namespace enlace {

/// Some heads of one sequence, as in AttentionHead but in bf16, one after the other: head h begins
/// h W columns after the first. W is a multiple of kPanelWidth; rows hold zeros from D to W.
struct Bf16Heads {
  const Bf16* queries;
  const Bf16* keys;
  const Bf16* values;
  std::size_t stride;
  std::size_t tokens;      // 1 .. kShortTokens
  std::size_t head_width;  // W
  std::size_t heads;
};

/// What kernels().attend_short does for each of the heads, head h in columns [h W, (h + 1) W) of
/// the context, with the shares of the tokens rounded to bf16. Requires a ProductScope on the
/// thread.
using AttendInBf16 = void (*)(const Bf16Heads& heads, std::size_t queries, float scale,
                              float* context, std::size_t context_stride) noexcept;

/// Null unless current_tier() has tiles.
AttendInBf16 attend_in_bf16() noexcept;

/// That function; to be called only on a machine with AMX.
void attend_by_tiles(const Bf16Heads& heads, std::size_t queries, float scale, float* context,
                     std::size_t context_stride) noexcept;

}  // namespace enlace
