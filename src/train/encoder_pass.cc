#include "train/encoder_pass.h"

#include <algorithm>
#include <cassert>

#include "base/workers.h"
#include "train/embedding_pass.h"
#include "train/layer_pass.h"

namespace enlace {
namespace {

template <class T>
class Pass final : public EncoderPass {
 public:
  Pass(const ParameterLayout& layout, const PassOptions& options)
      : state_(layout, options.recompute),
        pooling_(options.pooling),
        workers_(options.workers),
        scratch_(workers_.size()) {
    state_.dropout.hidden_rate = options.hidden_dropout;
    state_.dropout.attention_rate = options.attention_dropout;
  }

  void load(const float* parameters) override {
    state_.parameters = parameters;
    state_.packed.load(parameters, workers_);
  }

  MatrixView<const float> forward(const Batch& batch, std::uint64_t dropout_seed) override {
    state_.batch.assign(batch.ids, batch.starts);
    state_.dropout.seed = dropout_seed;
    state_.make_room();
    const auto vectors = vectors_.shape(state_.batch.sequences(), state_.layout.config.hidden);
    for_each_chunk([&](std::size_t number, PassScratch<T>& own) {
      forward_chunk(state_.batch.chunks[number], own, vectors);
    });
    return vectors;
  }

  TouchedTokens backward(MatrixView<const float> vectors, float* gradients) override {
    for_each_chunk([&](std::size_t number, PassScratch<T>&) {
      spread_pooled(state_.batch.chunks[number], vectors);
    });
    const std::size_t chunks = state_.batch.chunks.size();
    for (std::size_t layer = state_.layout.layers.size(); layer-- > 0;) {
      const RowSums places = row_sums_of(state_.layout, state_.layout.layers[layer]);
      const auto sums = sums_.shape(chunks, places.size);
      for_each_chunk([&](std::size_t number, PassScratch<T>& own) {
        backward_layer(state_, layer, state_.batch.chunks[number], places, sums.row(number).data(),
                       own);
      });
      state_.weight_gradients.add(layer, state_.batch.slots, gradients, workers_,
                                  [&] { add_sums(places, sums, gradients); });
    }
    touched_ = embedding_gradients(state_, workers_, gradients);
    return touched_;
  }

 private:
  template <class Work>
  void for_each_chunk(const Work& work) {
    workers_.for_each(state_.batch.chunks.size(), [&](std::size_t worker, std::size_t number) {
      const ProductScope scope;
      work(number, scratch_[worker]);
    });
  }

  void forward_chunk(const Chunk& chunk, PassScratch<T>& own, MatrixView<float> vectors) {
    const std::size_t width = state_.layout.width;
    float* x = own.x.shape(chunk.slots() + kMostBlockRows, width).data();
    embed(state_, chunk, own, x);
    for (std::size_t layer = 0; layer < state_.layout.layers.size(); ++layer) {
      if (state_.recompute) {
        std::copy_n(x, chunk.rows * width, state_.input_of(layer, chunk));
        train_kernels<T>().round(x, chunk.rows * width,
                                 state_.tape_of(layer).x.get() + chunk.slot * width);
      }
      forward_layer(state_, layer, chunk, own, x);
    }
    pool(chunk, x, vectors);
  }

  /// Rows of a sequence that its vector is the mean of.
  std::size_t pooled_rows(std::size_t sequence) const noexcept {
    return pooling_ == Pooling::kCls ? 1 : state_.batch.tokens_of(sequence);
  }

  void pool(const Chunk& chunk, const float* x, MatrixView<float> vectors) const {
    const std::size_t width = state_.layout.width;
    for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
      const float* rows = x + (state_.batch.starts[s] - chunk.first_row) * width;
      const std::size_t count = pooled_rows(s);
      const auto vector = vectors.row(s);
      std::ranges::fill(vector, 0.0F);
      for (std::size_t t = 0; t < count; ++t) {
        for (std::size_t c = 0; c < vector.size(); ++c) {
          vector[c] += rows[t * width + c] / float(count);
        }
      }
    }
  }

  /// The gradient at the last states from that at the pooled ones.
  void spread_pooled(const Chunk& chunk, MatrixView<const float> vectors) {
    const std::size_t width = state_.layout.width;
    float* gradient = state_.gradient.get() + chunk.slot * width;
    std::fill_n(gradient, chunk.slots() * width, 0.0F);
    for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
      const std::size_t count = pooled_rows(s);
      const auto vector = vectors.row(s);
      for (std::size_t t = 0; t < count; ++t) {
        float* row = gradient + (state_.batch.starts[s] - chunk.first_row + t) * width;
        for (std::size_t c = 0; c < vector.size(); ++c) row[c] = vector[c] / float(count);
      }
    }
  }

  /// The sums of all chunks, in their order.
  static void add_sums(const RowSums& places, MatrixView<const float> sums, float* gradients) {
    for (const RowSumPlace& place : places.places) {
      for (std::size_t chunk = 0; chunk < sums.rows(); ++chunk) {
        train_kernels<float>().add_to_sums(sums.row(chunk).data() + place.part, place.width,
                                           gradients + place.at);
      }
    }
  }

  PassState<T> state_;
  Pooling pooling_;
  Buffer<float> sums_;     // of a layer, a row a chunk
  Buffer<float> vectors_;  // pooled
  Workers workers_;
  std::vector<PassScratch<T>> scratch_;  // one a worker
  std::vector<std::int32_t> touched_;
};

}  // namespace

std::unique_ptr<EncoderPass> EncoderPass::make(const ParameterLayout& layout,
                                               const PassOptions& options) {
  assert(options.precision != Precision::kInt8);
  if (options.precision == Precision::kBf16) return std::make_unique<Pass<Bf16>>(layout, options);
  return std::make_unique<Pass<float>>(layout, options);
}

}  // namespace enlace
