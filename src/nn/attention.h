// Self-attention of one sequence, on the product kernel.
#pragma once

#include "math/buffer.h"
#include "math/products.h"

namespace enlace {

/// Scratch that one thread reuses from sequence to sequence.
struct AttentionWorkspace {
  Buffer<float> keys, values, scores;
  Buffer<float> widened;  // bf16
};

/// context = softmax(q k^T / sqrt(D)) v for the heads [first, last) (Vaswani et al. 2017,
/// arXiv:1706.03762).
///
/// `qkv` (T, 3 H W): the queries, keys and values of a sequence's T tokens, head h in columns
/// [h W, h W + D) of its third and zeros up to W, a multiple of kPanelWidth and at least D =
/// `head_size`. `context` (Q, H W), Q <= T, is laid out like a third: of the first Q
/// tokens. Does not throw, except std::bad_alloc.
/// Cost: O(Q T W) a head, and memory for 64 T scores.
void attend(MatrixView<const float> qkv, std::size_t heads, std::size_t head_size,
            std::size_t first, std::size_t last, AttentionWorkspace& workspace,
            MatrixView<float> context);

/// Whether the machine attends faster in bf16 than in f32.
bool attends_in_bf16() noexcept;

/// The same from queries, keys and values in bf16: in bf16, or widened to f32 where
/// attend_in_bf16() (math/tile_attention.h) has nothing for them. Requires attends_in_bf16(), and a
/// ProductScope on this thread.
void attend(MatrixView<const Bf16> qkv, std::size_t heads, std::size_t head_size, std::size_t first,
            std::size_t last, AttentionWorkspace& workspace, MatrixView<float> context);

}  // namespace enlace
