// The weights of a BERT encoder, laid out once for the kernels.
//
// Shapes in this module: N rows of all sequences together, S sequences, C hidden size,
// H heads, D = C / H, F feed-forward size, V vocabulary, P positions.
// `padded(n)` is n rounded up to whole panels of math/packed_matrix.h.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "math/buffer.h"
#include "nn/checkpoint.h"
#include "nn/input_statistics.h"
#include "nn/linear.h"
#include "nn/model_config.h"

namespace enlace {

struct LayerNorm {
  const float* gain = nullptr;  // (C)
  const float* bias = nullptr;  // (C)
};

/// Heads are padded to whole panels: head h of query, key and value begins at column h padded(D)
/// of its third of `qkv`, and the columns between hold zeros.
struct EncoderLayer {
  Linear qkv;     // (3 H padded(D), C): query, key and value, fused
  Linear output;  // (C, H padded(D))
  LayerNorm attention_norm;
  Linear up;    // (F, C)
  Linear down;  // (C, F)
  LayerNorm feed_forward_norm;
};

/// All but the token embeddings lie in one block of bytes, whose layout follows from the
/// configuration and the precision alone: so that it can be kept in a file and mapped.
struct EncoderWeights {
  ModelConfig config;
  Precision precision = Precision::kF32;
  Tensor tokens;                     // (V, C), read where it lies
  const float* positions = nullptr;  // (P, C), the embedding of token type 0 added
  LayerNorm embedding_norm;
  std::vector<EncoderLayer> layers;

  std::span<const std::byte> block;
  std::unique_ptr<void, FreeMemory> owned;  // the block, unless it is somebody else's

  /// Columns of a head in q, k, v and the context: padded(D).
  std::size_t head_width() const noexcept;
};

/// The weights of `model` for `config`, in `precision`.
///
/// In int8, `statistics` tells what the activations are like (encode/calibrate.h); without them
/// every channel is taken for equally wide, and every weight is rounded by itself. Borrows the
/// token embeddings from the bytes that `model` borrows; the rest is packed and owned. `where`
/// opens every message. Throws Error: kCorrupt if a tensor is missing, has another shape (naming
/// it, the shape expected and the shape found) or holds a value that is not finite.
EncoderWeights load_encoder_weights(const ModelConfig& config, const Checkpoint& model,
                                    std::string_view where, Precision precision = Precision::kF32,
                                    const EncoderStatistics* statistics = nullptr);

/// The same weights from the block of an earlier load_encoder_weights() with equal arguments. Of
/// the tensors only the token embeddings are looked at, and not their values. Borrows `block`,
/// which lies at a multiple of 64 bytes.
/// Throws Error(kCorrupt) if it has not the size that it must have, or there are no embeddings.
EncoderWeights bind_encoder_weights(const ModelConfig& config, const Checkpoint& model,
                                    std::string_view where, Precision precision,
                                    std::span<const std::byte> block);

}  // namespace enlace
