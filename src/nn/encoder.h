// A BERT encoder, forward only. The shape letters are those of nn/encoder_weights.h.
#pragma once

#include <cstdint>
#include <span>

#include "nn/attention.h"
#include "nn/encoder_weights.h"

namespace enlace {

/// Sequences laid end to end without padding: sequence s owns rows [starts[s], starts[s+1]).
struct Batch {
  std::span<const std::int32_t> ids;      // (N) token ids
  std::span<const std::uint32_t> starts;  // (S+1), starts[0] = 0, starts[S] = N
};

/// Buffers that one thread reuses from batch to batch.
struct Workspace {
  Buffer<float> x, y, qkv, context, inner;
  AttentionWorkspace attention;
};

/// The hidden states of the last layer, one row per token of `batch`.
///
/// The model is BERT (Devlin et al. 2019, arXiv:1810.04805): post-norm, exact GELU.
/// Deviation: one segment only, whose embedding the loader adds to `positions`.
/// Attention never crosses a sequence boundary, so a sequence's rows do not depend on what
/// else is in the batch. Cost per layer: O(N C (C + F)) + O(T^2 C) per sequence of length T.
///
/// Requires ids in [0, V) and sequence lengths in [1, config.max_tokens()]: the caller truncates.
/// Returns a view (N, C) into `workspace`, valid until its next use.
/// Thread-safe for distinct workspaces. Does not throw, except std::bad_alloc.
MatrixView<const float> forward(const EncoderWeights& weights, const Batch& batch,
                                Workspace& workspace);

}  // namespace enlace
