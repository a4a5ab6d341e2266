// The weights of a BERT encoder, laid out once for the kernels.
//
// Shapes in this module: N rows of all sequences together, S sequences, C hidden size,
// H heads, D = C / H, F feed-forward size, V vocabulary, P positions.
// `padded(n)` is n rounded up to whole panels of math/packed_matrix.h.
#pragma once

#include <vector>

#include "math/packed_matrix.h"
#include "nn/model_config.h"
#include "nn/safetensors.h"

namespace enlace {

/// y = x W^T + b.
struct Linear {
  PackedMatrix weight;      // (out, in)
  std::vector<float> bias;  // (padded(out))
};

struct LayerNorm {
  std::vector<float> gain;  // (C)
  std::vector<float> bias;  // (C)
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

struct EncoderWeights {
  ModelConfig config;
  Tensor tokens;                 // (V, C), read where it lies
  std::vector<float> positions;  // (P, C), the embedding of token type 0 added
  LayerNorm embedding_norm;
  std::vector<EncoderLayer> layers;

  /// Columns of a head in q, k, v and the context: padded(D).
  std::size_t head_width() const noexcept;
};

/// The weights of `model` for `config`. Names may begin with "bert." or "roberta.".
///
/// Borrows the token embeddings from the bytes that `model` borrows; the rest is packed and owned.
/// `where` opens every message. Throws Error: kCorrupt if a tensor is missing, has another shape
/// (naming it, the shape expected and the shape found) or holds a value that is not finite.
EncoderWeights load_encoder_weights(const ModelConfig& config, const Safetensors& model,
                                    std::string_view where);

}  // namespace enlace
