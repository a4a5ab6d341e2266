// The attention heads of a chunk in training, for both directions. Local to the layer's passes.
#pragma once

#include <cmath>

#include "train/pass_state.h"

namespace enlace {

/// Calls use(head, row, column) for each head of each sequence of the chunk, as it lies on the
/// tape: its first row in the chunk, and its first column of `heads_width`.
template <class T, class Use>
void for_each_head(PassState<T>& state, std::size_t layer, const Chunk& chunk, PassScratch<T>& own,
                   const Use& use) {
  const ParameterLayout& layout = state.layout;
  const ModelConfig& config = layout.config;
  const ChunkedBatch& batch = state.batch;
  const std::size_t stride = 3 * layout.heads_width, width = layout.head_width;
  const float scale = 1 / std::sqrt(float(config.hidden / config.heads));
  std::size_t longest = 0;
  for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
    longest = std::max(longest, batch.tokens_of(s));
  }
  float* scratch = own.attention.shape(1, attention_scratch(longest, width)).data();
  for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
    const std::size_t row = batch.starts[s] - chunk.first_row;
    const T* queries = state.tape_of(layer).qkv.get() + (chunk.slot + row) * stride;
    const std::size_t place = std::size_t(batch.starts[s]) * config.heads;
    for (std::size_t head = 0; head < config.heads; ++head) {
      const T* q = queries + head * width;
      use(TrainedHead<T>{q, q + layout.heads_width, q + 2 * layout.heads_width, stride,
                         batch.tokens_of(s), width, scale,
                         state.dropout.shares(layer, place + head), scratch},
          row, head * width);
    }
  }
}

}  // namespace enlace
