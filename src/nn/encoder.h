// A BERT encoder, forward only. The shape letters are those of nn/encoder_weights.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/crew.h"
#include "nn/attention.h"
#include "nn/encoder_weights.h"

namespace enlace {

/// Sequences laid end to end without padding: sequence s owns rows [starts[s], starts[s+1]).
struct Batch {
  std::span<const std::int32_t> ids;      // (N) token ids
  std::span<const std::uint32_t> starts;  // (S+1), starts[0] = 0, starts[S] = N
};

/// What the threads that share a pass write for each other.
struct SharedStates {
  StatesBuffer y, inner;
  Buffer<float> qkv, context;
  Buffer<Bf16> bf16_qkv;  // instead of qkv, where attention is faster so
};

/// What one thread has to itself, and reuses from batch to batch.
struct Workspace {
  StatesBuffer x;
  Buffer<float> floats;               // of states that x has in binary16
  LinearInput qkv, output, up, down;  // of a layer's products
  LinearWorkspace linear;
  AttentionWorkspace attention;
  SharedStates states;  // of a pass that is not shared
};

/// Whose states the caller wants.
enum class Wanted {
  kAllTokens,
  kFirstTokens,  // of every sequence: the last layer then leaves out the others
};

/// The hidden states of the last layer, one row per token of `batch`, or per sequence.
///
/// The model is BERT (Devlin et al. 2019, arXiv:1810.04805): post-norm, exact GELU.
/// Deviation: one segment only, whose embedding the loader adds to `positions`.
/// Attention never crosses a sequence boundary, so a sequence's rows do not depend on what
/// else is in the batch. Cost per layer: O(N C (C + F)) + O(T^2 C) per sequence of length T.
///
/// Requires ids in [0, V) and sequence lengths in [1, config.max_tokens()]: the caller truncates.
/// Adds the inputs of every product to `seen`, if it is there; it has the shape of
/// empty_statistics(), and the weights are f32. Returns a view (N or S, C) into `workspace`, valid
/// until its next use. Thread-safe for distinct workspaces and statistics. Does not throw, except
/// std::bad_alloc.
MatrixView<const float> forward(const EncoderWeights& weights, const Batch& batch, Wanted wanted,
                                Workspace& workspace, EncoderStatistics* seen = nullptr);

/// The same states, to the last bit, by a crew that shares every product by columns: for the
/// latency of few tokens. One workspace for each of the crew; the view is into the first. Nothing
/// if the crew is at work for somebody else.
std::optional<MatrixView<const float>> forward_together(const EncoderWeights& weights,
                                                        const Batch& batch, Wanted wanted,
                                                        Crew& crew,
                                                        std::span<Workspace> workspaces);

}  // namespace enlace
