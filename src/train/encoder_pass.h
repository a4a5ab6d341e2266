// A BERT encoder forward and backward, on the products that the engine embeds with.
//
// Forward, a worker takes a chunk of sequences (chunks.h) through the embeddings
// (embedding_pass.h), all layers (layer_pass.h) and the pooling, and leaves on the tape
// (pass_state.h) what backward needs. Backward goes layer by layer from the last: chunks make the
// gradients of their states and leave both sides of the weights' gradients, which are then products
// over all tokens of the batch (weight_gradients.h), a worker taking some rows of a matrix.
//
// Chunks follow from the batch alone, and every sum has one order: so the results are the same
// for any number of workers.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "encode/model_usage.h"
#include "math/matrix.h"
#include "nn/encoder.h"
#include "nn/precision.h"
#include "train/parameters.h"

namespace enlace {

/// How a pass is made.
struct PassOptions {
  Precision precision = Precision::kF32;  // of products: kF32 or kBf16; all else is f32
  Pooling pooling = Pooling::kMean;
  float hidden_dropout = 0;     // after the embeddings, attention and feed-forward parts
  float attention_dropout = 0;  // of shares
  bool recompute = false;       // keep the inputs of layers alone and make the rest again
  std::size_t workers = 1;
};

/// Token embeddings that have a gradient: rows in any order, each once.
using TouchedTokens = std::span<const std::int32_t>;

/// Not thread-safe; its workers are its own. Functions throw nothing but std::bad_alloc.
class EncoderPass {
 public:
  /// Keeps a reference to `layout`. Requires kF32 or kBf16.
  static std::unique_ptr<EncoderPass> make(const ParameterLayout& layout,
                                           const PassOptions& options);
  virtual ~EncoderPass() = default;

  /// Takes over the parameters as they are now: packs every matrix twice, for both directions.
  /// Keeps the pointer for the embeddings, norms and biases.
  virtual void load(const float* parameters) = 0;

  /// The pooled states of each sequence, (S, C) and not normalized, valid until the next call.
  /// `dropout_seed` and the places in the batch choose what is dropped. Keeps a copy of `batch`.
  /// Requires what nn/encoder.h does of a batch.
  virtual MatrixView<const float> forward(const Batch& batch, std::uint64_t dropout_seed) = 0;

  /// Adds to `gradients`, which has the layout of the parameters, those of a loss whose gradient at
  /// what forward() returned last is `vectors` (S, C). Returns the tokens of the batch.
  virtual TouchedTokens backward(MatrixView<const float> vectors, float* gradients) = 0;
};

}  // namespace enlace
