#include "train/embedding_pass.h"

namespace enlace {
namespace {

/// Back through the norm: the gradient at the sums of embeddings, in place.
template <class T>
void norm_gradients(PassState<T>& state, Workers& workers, float* gradients) {
  const ParameterLayout& layout = state.layout;
  const std::size_t width = layout.width, hidden = layout.config.hidden;
  const std::vector<Chunk>& chunks = state.batch.chunks;
  std::vector<float> sums(chunks.size() * 2 * width);  // of gain and shift, a row a chunk
  workers.for_each(chunks.size(), [&](std::size_t, std::size_t number) {
    const Chunk& chunk = chunks[number];
    float* gain = sums.data() + number * 2 * width;
    for (std::size_t row = 0; row < chunk.rows; ++row) {
      const std::size_t slot = chunk.slot + row;
      float* gradient = state.gradient.get() + slot * width;
      drop_row(gradient, hidden, state.dropout.embedded(chunk.first_row + row));
      train_kernels<T>().normalize_gradient(
          state.embedded.get() + slot * width, state.embedded_rstd[slot],
          state.parameters + layout.embedding_norm.gain, hidden, gradient, gain, gain + width);
    }
  });
  const auto add = train_kernels<float>().add_to_sums;
  for (std::size_t chunk = 0; chunk < chunks.size(); ++chunk) {
    add(sums.data() + chunk * 2 * width, width, gradients + layout.embedding_norm.gain);
    add(sums.data() + (chunk * 2 + 1) * width, width, gradients + layout.embedding_norm.shift);
  }
}

/// Adds every token's gradient to the rows of its token, its position and the first type, in the
/// order of the tokens.
template <class T>
std::vector<std::int32_t> gather(const PassState<T>& state, float* gradients) {
  struct Use {
    std::int32_t id;
    std::size_t slot;
  };
  const ParameterLayout& layout = state.layout;
  const ChunkedBatch& batch = state.batch;
  const std::size_t width = layout.width;
  const auto add = train_kernels<float>().add_to_sums;
  std::vector<Use> uses;
  uses.reserve(batch.ids.size());
  for (const Chunk& chunk : batch.chunks) {
    for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
      for (std::size_t t = 0; t < batch.tokens_of(s); ++t) {
        const std::size_t row = batch.starts[s] + t, slot = chunk.slot + row - chunk.first_row;
        uses.push_back({batch.ids[row], slot});
        const float* gradient = state.gradient.get() + slot * width;
        const std::size_t position = layout.config.first_position + t;
        add(gradient, width, gradients + layout.positions + position * width);
        if (layout.config.types > 0) add(gradient, width, gradients + layout.types);
      }
    }
  }
  std::ranges::stable_sort(uses, {}, &Use::id);
  std::vector<std::int32_t> touched;
  for (const Use& use : uses) {
    if (touched.empty() || touched.back() != use.id) touched.push_back(use.id);
    add(state.gradient.get() + use.slot * width, width,
        gradients + layout.token(std::size_t(use.id)));
  }
  return touched;
}

}  // namespace

template <class T>
void embed(PassState<T>& state, const Chunk& chunk, PassScratch<T>& own, float* x) {
  const ParameterLayout& layout = state.layout;
  const ModelConfig& config = layout.config;
  const ChunkedBatch& batch = state.batch;
  const std::size_t width = layout.width, hidden = config.hidden;
  const float* parameters = state.parameters;
  const float* type = config.types > 0 ? parameters + layout.types : state.zeros.data();
  const TrainKernels<T>& run = train_kernels<T>();
  float* sum = own.y.shape(1, width).data();
  T* rounded = state.tape_of(0).x.get() + chunk.slot * width;
  std::size_t row = 0;
  for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
    for (std::size_t t = 0; t < batch.tokens_of(s); ++t, ++row) {
      const float* token = parameters + layout.token(std::size_t(batch.ids[batch.starts[s] + t]));
      const float* position = parameters + layout.positions + (config.first_position + t) * width;
      float* to = x + row * width;
      for (std::size_t c = 0; c < hidden; ++c) {
        to[c] = token[c] + type[c];
        sum[c] = position[c];
      }
      const std::size_t slot = chunk.slot + row;
      state.embedded_rstd[slot] =
          run.add_normalize(to, sum, parameters + layout.embedding_norm.gain,
                            parameters + layout.embedding_norm.shift, config.epsilon, hidden,
                            state.embedded.get() + slot * width, rounded + row * width);
      const Dropout dropout = state.dropout.embedded(chunk.first_row + row);
      drop_row(to, hidden, dropout);
      if (dropout.threshold != 0) run.round(to, hidden, rounded + row * width);
    }
  }
}

template <class T>
std::vector<std::int32_t> embedding_gradients(PassState<T>& state, Workers& workers,
                                              float* gradients) {
  norm_gradients(state, workers, gradients);
  return gather(state, gradients);
}

template void embed(PassState<float>&, const Chunk&, PassScratch<float>&, float*);
template void embed(PassState<Bf16>&, const Chunk&, PassScratch<Bf16>&, float*);
template std::vector<std::int32_t> embedding_gradients(PassState<float>&, Workers&, float*);
template std::vector<std::int32_t> embedding_gradients(PassState<Bf16>&, Workers&, float*);

}  // namespace enlace
