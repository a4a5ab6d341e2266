// Self-attention of sequences.
#pragma once

#include <cstdint>
#include <span>

#include "math/buffer.h"
#include "math/products.h"

namespace enlace {

/// Scratch that one thread reuses from sequence to sequence.
struct AttentionWorkspace {
  Buffer<float> keys, values, scores;
  Buffer<float> widened;  // bf16
};

/// The heads [first, last) of `count`, of `size` channels each.
struct Heads {
  std::size_t count, size, first, last;
};

/// Sequences laid end to end: sequence s owns rows [starts[s] - starts[0], starts[s + 1] -
/// starts[0]).
using Starts = std::span<const std::uint32_t>;

/// context = softmax(q k^T / sqrt(D)) v of every sequence (Vaswani et al. 2017, arXiv:1706.03762).
///
/// `qkv` (T, 3 H W): the queries, keys and values of T tokens, head h in columns [h W, h W + D) of
/// its third and zeros up to W, a multiple of kPanelWidth and at least D = heads.size. `context`
/// (T, H W), or (S, H W) of the first token of each sequence if `first_only`, is laid out like a
/// third. A sequence's rows do not depend on the others. Does not throw, except std::bad_alloc.
/// Cost: O(Q T W) a head of a sequence of T tokens with Q queries, and memory for 64 T scores.
void attend(MatrixView<const float> qkv, Starts starts, bool first_only, const Heads& heads,
            AttentionWorkspace& workspace, MatrixView<float> context);

/// Whether the machine attends faster in bf16 than in f32.
bool attends_in_bf16() noexcept;

/// The same from queries, keys and values in bf16: in bf16, or widened to f32 where
/// attend_in_bf16() (math/tile_attention.h) has nothing for them. Requires attends_in_bf16(), and a
/// ProductScope on this thread.
void attend(MatrixView<const Bf16> qkv, Starts starts, bool first_only, const Heads& heads,
            AttentionWorkspace& workspace, MatrixView<float> context);

}  // namespace enlace
