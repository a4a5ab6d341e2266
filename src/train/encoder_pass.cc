#include "train/encoder_pass.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/random.h"
#include "base/workers.h"
#include "train/chunks.h"
#include "train/products.h"
#include "train/weight_gradients.h"

namespace enlace {
namespace {

/// Rows that go through a feed-forward part together.
constexpr std::size_t kFeedRows = 64;

/// What backward needs of a layer, a row a slot.
template <class T>
struct LayerTape {
  Memory<T> x;        // (width) input
  Memory<T> qkv;      // (3 heads_width)
  Memory<T> context;  // (heads_width)
  Memory<T> middle;   // (width) after the first norm
  Memory<T> up;       // (padded F) before gelu
  Memory<T> centred1, centred2;
  Memory<float> rstd1, rstd2;
};

/// A thread's scratch.
template <class T>
struct PassScratch {
  Buffer<float> x, y, wide;
  Buffer<T> narrow, rounded, wide_t, gradients;
  Buffer<float> attention;
};

/// The sums over rows that a layer's biases and norms take, in this order.
struct SumPlace {
  std::size_t at;     // in the array of parameters
  std::size_t width;  // of its values
  std::size_t part;   // in a chunk's sums
};
enum Sum { kQkvBias, kOutputBias, kGain1, kShift1, kUpBias, kDownBias, kGain2, kShift2, kSums };

std::vector<SumPlace> sums_of(const ParameterLayout& layout, const LayerPlaces& layer) {
  std::vector<SumPlace> sums;
  std::size_t part = 0;
  const auto add = [&](std::size_t at, std::size_t width) {
    sums.push_back({at, width, part});
    part += rounded_up(width, kPanelWidth);
  };
  add(layer.qkv.bias, layer.qkv.out);
  add(layer.output.bias, layer.output.out);
  add(layer.attention_norm.gain, layout.width);
  add(layer.attention_norm.shift, layout.width);
  add(layer.up.bias, layer.up.out);
  add(layer.down.bias, layer.down.out);
  add(layer.feed_forward_norm.gain, layout.width);
  add(layer.feed_forward_norm.shift, layout.width);
  sums.push_back({0, 0, part});  // the end
  return sums;
}

Dropout dropout_of(float rate, std::uint64_t seed, std::size_t site, std::size_t row) noexcept {
  if (rate <= 0) return {};
  Random random(seed ^ (std::uint64_t{site} << 40) ^ row);
  const double threshold = std::min(double(rate) * 0x1p32, 0x1p32 - 1);
  return {static_cast<std::uint32_t>(random.next()), static_cast<std::uint32_t>(threshold),
          1 / (1 - rate)};
}

template <class T>
class Pass final : public EncoderPass {
 public:
  Pass(const ParameterLayout& layout, const PassOptions& options)
      : layout_(layout),
        config_(layout.config),
        options_(options),
        inner_(rounded_up(config_.inner, kPanelWidth)),
        packed_(layout),
        weight_gradients_(layout),
        tapes_(options.recompute ? 1 : config_.layers),
        workers_(options.workers),
        scratch_(workers_.size()) {}

  void load(const float* parameters) override {
    parameters_ = parameters;
    packed_.load(parameters, workers_);
  }

  MatrixView<const float> forward(const Batch& batch, std::uint64_t dropout_seed) override {
    ids_.assign(batch.ids.begin(), batch.ids.end());
    starts_.assign(batch.starts.begin(), batch.starts.end());
    seed_ = dropout_seed;
    chunks_ = cut_into_chunks(starts_);
    make_room();
    const auto vectors = vectors_.shape(starts_.size() - 1, config_.hidden);
    workers_.for_each(chunks_.size(), [&](std::size_t worker, std::size_t item) {
      const ProductScope scope;
      forward_chunk(chunks_[item], scratch_[worker], vectors);
    });
    return vectors;
  }

  TouchedTokens backward(MatrixView<const float> vectors, float* gradients) override {
    workers_.for_each(chunks_.size(), [&](std::size_t, std::size_t item) {
      spread_pooled(chunks_[item], vectors);
    });
    for (std::size_t layer = config_.layers; layer-- > 0;) {
      const auto sums = sums_of(layout_, layout_.layers[layer]);
      sums_.shape(chunks_.size(), sums.back().part);
      workers_.for_each(chunks_.size(), [&](std::size_t worker, std::size_t item) {
        const ProductScope scope;
        backward_chunk(layer, item, sums, scratch_[worker]);
      });
      weight_gradients_.add(layer, slots_, gradients, workers_, [&] { add_sums(sums, gradients); });
    }
    embedding_gradients(gradients);
    return touched_;
  }

 private:
  /// Room for the slots of this batch; what is there already stays finite.
  void make_room() {
    slots_ = chunks_.back().slot + chunks_.back().slots();
    if (slots_ <= room_) return;
    room_ = slots_;
    const std::size_t width = layout_.width;
    // Rows after the last are read, never used.
    const std::size_t rows = room_ + kMostBlockRows;
    for (LayerTape<T>& tape : tapes_) {
      tape.x = allocate<T>(rows * width);
      tape.qkv = allocate<T>(rows * 3 * layout_.heads_width);
      tape.context = allocate<T>(rows * layout_.heads_width);
      tape.middle = allocate<T>(rows * width);
      tape.up = allocate<T>(rows * inner_);
      tape.centred1 = allocate<T>(rows * width);
      tape.centred2 = allocate<T>(rows * width);
      tape.rstd1 = allocate<float>(rows);
      tape.rstd2 = allocate<float>(rows);
    }
    if (options_.recompute) inputs_ = allocate<float>(config_.layers * rows * width);
    embedded_ = allocate<T>(rows * width);
    embedded_rstd_ = allocate<float>(rows);
    dx_ = allocate<float>(rows * width);
    weight_gradients_.make_room(room_);
  }

  LayerTape<T>& tape_of(std::size_t layer) noexcept {
    return tapes_[options_.recompute ? 0 : layer];
  }

  float* input_of(std::size_t layer, const Chunk& chunk) noexcept {
    return inputs_.get() + (layer * (room_ + kMostBlockRows) + chunk.slot) * layout_.width;
  }

  // What is dropped at row `row` of the batch, at a site of a layer.
  Dropout hidden_dropout(std::size_t site, std::size_t row) const noexcept {
    return dropout_of(options_.hidden_dropout, seed_, site, row);
  }
  static std::size_t attention_site(std::size_t layer) noexcept { return 3 * layer + 1; }
  static std::size_t output_site(std::size_t layer) noexcept { return 3 * layer + 2; }
  static std::size_t down_site(std::size_t layer) noexcept { return 3 * layer + 3; }

  void drop_rows(std::size_t site, const Chunk& chunk, float* values) const noexcept {
    if (options_.hidden_dropout <= 0) return;
    for (std::size_t row = 0; row < chunk.rows; ++row) {
      train_kernels<T>().drop(values + row * layout_.width, config_.hidden,
                              hidden_dropout(site, chunk.first_row + row));
    }
  }

  void forward_chunk(const Chunk& chunk, PassScratch<T>& own, MatrixView<float> vectors) {
    const std::size_t width = layout_.width;
    const auto x = own.x.shape(chunk.slots() + kMostBlockRows, width);
    embed(chunk, own, x.data());
    for (std::size_t layer = 0; layer < config_.layers; ++layer) {
      if (options_.recompute) {
        std::copy_n(x.data(), chunk.rows * width, input_of(layer, chunk));
        train_kernels<T>().round(x.data(), chunk.rows * width,
                                 tape_of(layer).x.get() + chunk.slot * width);
      }
      forward_layer(layer, chunk, own, x.data());
    }
    pool_chunk(chunk, x.data(), vectors);
  }

  void embed(const Chunk& chunk, PassScratch<T>& own, float* x) {
    const std::size_t width = layout_.width, C = config_.hidden;
    const TrainKernels<T>& run = train_kernels<T>();
    const float* type = parameters_ + layout_.types;
    own.y.shape(1, width);
    float* sum = own.y.at(0);
    T* rounded = tape_of(0).x.get() + chunk.slot * width;
    std::size_t row = 0;
    for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
      for (std::size_t t = 0; t < starts_[s + 1] - starts_[s]; ++t, ++row) {
        const float* token = parameters_ + layout_.token(std::size_t(ids_[starts_[s] + t]));
        const float* position =
            parameters_ + layout_.positions + (config_.first_position + t) * width;
        float* to = x + row * width;
        for (std::size_t c = 0; c < C; ++c) {
          to[c] = token[c] + (config_.types > 0 ? type[c] : 0.0F);
          sum[c] = position[c];
        }
        const std::size_t slot = chunk.slot + row;
        embedded_rstd_[slot] =
            run.add_normalize(to, sum, parameters_ + layout_.embedding_norm.gain,
                              parameters_ + layout_.embedding_norm.shift, config_.epsilon, C,
                              embedded_.get() + slot * width, rounded + row * width);
      }
    }
    if (options_.hidden_dropout <= 0) return;
    drop_rows(0, chunk, x);
    for (row = 0; row < chunk.rows; ++row) run.round(x + row * width, C, rounded + row * width);
  }

  TrainedHead<T> head_of(std::size_t layer, const Chunk& chunk, std::size_t sequence,
                         std::size_t head, float* scratch) noexcept {
    const std::size_t stride = 3 * layout_.heads_width, W = layout_.head_width;
    const std::size_t first = starts_[sequence] - chunk.first_row;
    const T* q = tape_of(layer).qkv.get() + (chunk.slot + first) * stride + head * W;
    const std::size_t place = std::size_t(starts_[sequence]) * config_.heads + head;
    return {q,
            q + layout_.heads_width,
            q + 2 * layout_.heads_width,
            stride,
            starts_[sequence + 1] - starts_[sequence],
            W,
            1 / std::sqrt(float(config_.hidden / config_.heads)),
            dropout_of(options_.attention_dropout, seed_, attention_site(layer), place),
            scratch};
  }

  float* attention_room(const Chunk& chunk, PassScratch<T>& own) {
    std::size_t longest = 0;
    for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
      longest = std::max<std::size_t>(longest, starts_[s + 1] - starts_[s]);
    }
    return own.attention.shape(1, attention_scratch(longest, layout_.head_width)).data();
  }

  /// Takes the states x (rows, width) through a layer. The rounded x is on the tape already; that
  /// of the next layer is put there.
  void forward_layer(std::size_t layer, const Chunk& chunk, PassScratch<T>& own, float* x) {
    const LayerPlaces& place = layout_.layers[layer];
    LayerTape<T>& tape = tape_of(layer);
    const TrainKernels<T>& run = train_kernels<T>();
    const std::size_t width = layout_.width, C = config_.hidden, slot = chunk.slot;
    const std::size_t heads = layout_.heads_width;

    T* qkv = tape.qkv.get() + slot * 3 * heads;
    multiply_all<T>({tape.x.get() + slot * width, width, chunk.rows},
                    packed_.forward(layer, LayerPart::kQkv), {parameters_ + place.qkv.bias, 0}, qkv,
                    3 * heads);
    float* scratch = attention_room(chunk, own);
    for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
      T* context = tape.context.get() + (slot + starts_[s] - chunk.first_row) * heads;
      for (std::size_t head = 0; head < config_.heads; ++head) {
        run.attend(head_of(layer, chunk, s, head, scratch), context + head * layout_.head_width,
                   heads);
      }
    }
    float* y = own.y.shape(chunk.slots() + kMostBlockRows, width).data();
    multiply_all<T>({tape.context.get() + slot * heads, heads, chunk.rows},
                    packed_.forward(layer, LayerPart::kOutput),
                    {parameters_ + place.output.bias, 0}, y, width);
    drop_rows(output_site(layer), chunk, y);
    for (std::size_t row = 0; row < chunk.rows; ++row) {
      const std::size_t at = slot + row;
      tape.rstd1[at] = run.add_normalize(
          x + row * width, y + row * width, parameters_ + place.attention_norm.gain,
          parameters_ + place.attention_norm.shift, config_.epsilon, C,
          tape.centred1.get() + at * width, tape.middle.get() + at * width);
    }

    T* inner = own.narrow.shape(kFeedRows + kMostBlockRows, inner_).data();
    for (std::size_t first = 0; first < chunk.rows; first += kFeedRows) {
      const std::size_t rows = std::min(kFeedRows, chunk.rows - first);
      T* up = tape.up.get() + (slot + first) * inner_;
      multiply_all<T>({tape.middle.get() + (slot + first) * width, width, rows},
                      packed_.forward(layer, LayerPart::kUp), {parameters_ + place.up.bias, 0}, up,
                      inner_);
      run.gelu(up, rows * inner_, inner);
      multiply_all<T>({inner, inner_, rows}, packed_.forward(layer, LayerPart::kDown),
                      {parameters_ + place.down.bias, 0}, y + first * width, width);
    }
    drop_rows(down_site(layer), chunk, y);
    const bool next = layer + 1 < config_.layers && !options_.recompute;
    T* unused = own.rounded.shape(1, width).data();
    for (std::size_t row = 0; row < chunk.rows; ++row) {
      const std::size_t at = slot + row;
      tape.rstd2[at] = run.add_normalize(x + row * width, y + row * width,
                                         parameters_ + place.feed_forward_norm.gain,
                                         parameters_ + place.feed_forward_norm.shift,
                                         config_.epsilon, C, tape.centred2.get() + at * width,
                                         next ? tape_of(layer + 1).x.get() + at * width : unused);
    }
  }

  void pool_chunk(const Chunk& chunk, const float* x, MatrixView<float> vectors) const {
    const std::size_t width = layout_.width;
    for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
      const float* rows = x + (starts_[s] - chunk.first_row) * width;
      const std::size_t count = options_.pooling == Pooling::kCls ? 1 : starts_[s + 1] - starts_[s];
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
    const std::size_t width = layout_.width;
    float* dx = dx_.get() + chunk.slot * width;
    std::fill_n(dx, chunk.slots() * width, 0.0F);
    for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
      const std::size_t count = options_.pooling == Pooling::kCls ? 1 : starts_[s + 1] - starts_[s];
      for (std::size_t t = 0; t < count; ++t) {
        float* row = dx + (starts_[s] - chunk.first_row + t) * width;
        for (std::size_t c = 0; c < config_.hidden; ++c) {
          row[c] = vectors.row(s)[c] / float(count);
        }
      }
    }
  }

  /// Rows of dx rounded after dropout, as the side of products; empty slots are zeros.
  T* rounded_gradient(std::size_t site, const Chunk& chunk, PassScratch<T>& own, const float* dx) {
    const std::size_t width = layout_.width;
    T* to = own.rounded.shape(chunk.slots() + kMostBlockRows, width).data();
    float* row_of = own.y.shape(1, width).data();
    for (std::size_t row = 0; row < chunk.rows; ++row) {
      const float* from = dx + row * width;
      if (options_.hidden_dropout > 0) {
        std::copy_n(from, width, row_of);
        train_kernels<T>().drop(row_of, config_.hidden,
                                hidden_dropout(site, chunk.first_row + row));
        from = row_of;
      }
      train_kernels<T>().round(from, width, to + row * width);
    }
    clear_empty(chunk, to, width);
    return to;
  }

  static void clear_empty(const Chunk& chunk, T* values, std::size_t width) noexcept {
    std::fill(values + chunk.rows * width, values + chunk.slots() * width, T{});
  }

  void keep(LayerPart part, const Chunk& chunk, const T* gradient, std::size_t gradient_stride,
            const T* input, std::size_t input_stride) noexcept {
    weight_gradients_.keep(part, chunk.slot, chunk.slots(),
                           {gradient, gradient_stride, chunk.slots()},
                           {input, input_stride, chunk.slots()});
  }

  static void add_rows(const T* values, std::size_t rows, std::size_t stride, std::size_t width,
                       float* sums) noexcept {
    for (std::size_t row = 0; row < rows; ++row) {
      train_kernels<T>().add_to_sums(values + row * stride, width, sums);
    }
  }

  /// From the gradient at a layer's result to that at its input, in dx_, for one chunk.
  void backward_chunk(std::size_t layer, std::size_t number, const std::vector<SumPlace>& places,
                      PassScratch<T>& own) {
    const Chunk& chunk = chunks_[number];
    const LayerPlaces& place = layout_.layers[layer];
    const TrainKernels<T>& run = train_kernels<T>();
    const std::size_t width = layout_.width, C = config_.hidden, slot = chunk.slot;
    const std::size_t heads = layout_.heads_width;
    LayerTape<T>& tape = tape_of(layer);
    if (options_.recompute) {
      float* x = own.x.shape(chunk.slots() + kMostBlockRows, width).data();
      std::copy_n(input_of(layer, chunk), chunk.rows * width, x);
      run.round(x, chunk.rows * width, tape.x.get() + slot * width);
      forward_layer(layer, chunk, own, x);
    }
    float* sums = sums_.view(chunks_.size(), places.back().part).row(number).data();
    std::fill_n(sums, places.back().part, 0.0F);
    const auto sum = [&](Sum s) { return sums + places[s].part; };
    float* dx = dx_.get() + slot * width;

    for (std::size_t row = 0; row < chunk.rows; ++row) {
      run.normalize_gradient(tape.centred2.get() + (slot + row) * width, tape.rstd2[slot + row],
                             parameters_ + place.feed_forward_norm.gain, C, dx + row * width,
                             sum(kGain2), sum(kShift2));
    }
    const T* dy = rounded_gradient(down_site(layer), chunk, own, dx);
    add_rows(dy, chunk.rows, width, C, sum(kDownBias));
    T* du = own.wide_t.shape(chunk.slots() + kMostBlockRows, inner_).data();
    T* inner = own.narrow.shape(chunk.slots(), inner_).data();
    float* wide = own.wide.shape(kFeedRows + kMostBlockRows, std::max(inner_, heads)).data();
    clear_empty(chunk, du, inner_);
    clear_empty(chunk, inner, inner_);
    for (std::size_t first = 0; first < chunk.rows; first += kFeedRows) {
      const std::size_t rows = std::min(kFeedRows, chunk.rows - first);
      const T* up = tape.up.get() + (slot + first) * inner_;
      multiply_all<T>({dy + first * width, width, rows}, packed_.backward(layer, LayerPart::kDown),
                      {zeros_.data(), 0}, wide, inner_);
      run.gelu_gradient(up, wide, rows * inner_, du + first * inner_, inner + first * inner_);
    }
    keep(LayerPart::kDown, chunk, dy, width, inner, inner_);
    keep(LayerPart::kUp, chunk, du, inner_, tape.middle.get() + slot * width, width);
    add_rows(du, chunk.rows, inner_, config_.inner, sum(kUpBias));
    multiply_all<T>({du, inner_, chunk.rows}, packed_.backward(layer, LayerPart::kUp), {dx, width},
                    dx, width);

    for (std::size_t row = 0; row < chunk.rows; ++row) {
      run.normalize_gradient(tape.centred1.get() + (slot + row) * width, tape.rstd1[slot + row],
                             parameters_ + place.attention_norm.gain, C, dx + row * width,
                             sum(kGain1), sum(kShift1));
    }
    dy = rounded_gradient(output_site(layer), chunk, own, dx);
    add_rows(dy, chunk.rows, width, C, sum(kOutputBias));
    keep(LayerPart::kOutput, chunk, dy, width, tape.context.get() + slot * heads, heads);
    float* dcontext = own.wide.shape(chunk.slots() + kMostBlockRows, heads).data();
    multiply_all<T>({dy, width, chunk.rows}, packed_.backward(layer, LayerPart::kOutput),
                    {zeros_.data(), 0}, dcontext, heads);

    T* dqkv = own.gradients.shape(chunk.slots() + kMostBlockRows, 3 * heads).data();
    clear_empty(chunk, dqkv, 3 * heads);
    float* scratch = attention_room(chunk, own);
    for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
      const std::size_t first = starts_[s] - chunk.first_row;
      for (std::size_t head = 0; head < config_.heads; ++head) {
        const std::size_t column = head * layout_.head_width;
        T* to = dqkv + first * 3 * heads + column;
        run.attend_gradient(head_of(layer, chunk, s, head, scratch),
                            dcontext + first * heads + column, heads,
                            {to, to + heads, to + 2 * heads, 3 * heads});
      }
    }
    add_rows(dqkv, chunk.rows, 3 * heads, 3 * heads, sum(kQkvBias));
    keep(LayerPart::kQkv, chunk, dqkv, 3 * heads, tape.x.get() + slot * width, width);
    multiply_all<T>({dqkv, 3 * heads, chunk.rows}, packed_.backward(layer, LayerPart::kQkv),
                    {dx, width}, dx, width);
  }

  /// The sums of all chunks, in their order.
  void add_sums(const std::vector<SumPlace>& places, float* gradients) const {
    const auto parts = sums_.view(chunks_.size(), places.back().part);
    for (std::size_t s = 0; s < kSums; ++s) {
      for (std::size_t chunk = 0; chunk < parts.rows(); ++chunk) {
        train_kernels<float>().add_to_sums(parts.row(chunk).data() + places[s].part,
                                           places[s].width, gradients + places[s].at);
      }
    }
  }

  /// Of the norm after the embeddings, and of the embeddings.
  void embedding_gradients(float* gradients) {
    const std::size_t width = layout_.width, C = config_.hidden;
    const TrainKernels<T>& run = train_kernels<T>();
    const std::size_t pitch = 2 * width;
    sums_.shape(chunks_.size(), pitch);
    workers_.for_each(chunks_.size(), [&](std::size_t, std::size_t number) {
      const Chunk& chunk = chunks_[number];
      float* sums = sums_.view(chunks_.size(), pitch).row(number).data();
      std::fill_n(sums, pitch, 0.0F);
      drop_rows(0, chunk, dx_.get() + chunk.slot * width);
      for (std::size_t slot = chunk.slot; slot < chunk.slot + chunk.rows; ++slot) {
        run.normalize_gradient(embedded_.get() + slot * width, embedded_rstd_[slot],
                               parameters_ + layout_.embedding_norm.gain, C,
                               dx_.get() + slot * width, sums, sums + width);
      }
    });
    for (std::size_t chunk = 0; chunk < chunks_.size(); ++chunk) {
      const float* sums = sums_.view(chunks_.size(), pitch).row(chunk).data();
      const auto add = train_kernels<float>().add_to_sums;
      add(sums, width, gradients + layout_.embedding_norm.gain);
      add(sums + width, width, gradients + layout_.embedding_norm.shift);
    }
    gather_embeddings(gradients);
  }

  /// Adds every token's gradient to the rows of its token, its position and the first type, in the
  /// order of the tokens.
  void gather_embeddings(float* gradients) {
    struct Use {
      std::int32_t id;
      std::uint32_t slot;
    };
    std::vector<Use> uses;
    uses.reserve(ids_.size());
    const std::size_t width = layout_.width;
    const auto add = train_kernels<float>().add_to_sums;
    for (const Chunk& chunk : chunks_) {
      for (std::size_t s = chunk.first_sequence; s < chunk.last_sequence; ++s) {
        for (std::size_t row = starts_[s]; row < starts_[s + 1]; ++row) {
          const std::size_t slot = chunk.slot + row - chunk.first_row;
          uses.push_back({ids_[row], static_cast<std::uint32_t>(slot)});
          const float* dx = dx_.get() + slot * width;
          const std::size_t position = config_.first_position + row - starts_[s];
          add(dx, width, gradients + layout_.positions + position * width);
          if (config_.types > 0) add(dx, width, gradients + layout_.types);
        }
      }
    }
    std::ranges::stable_sort(uses, {}, &Use::id);
    touched_.clear();
    for (const Use& use : uses) {
      if (touched_.empty() || touched_.back() != use.id) touched_.push_back(use.id);
      add(dx_.get() + use.slot * width, width, gradients + layout_.token(std::size_t(use.id)));
    }
  }

  const ParameterLayout& layout_;
  const ModelConfig& config_;
  PassOptions options_;
  std::size_t inner_;  // padded(F)
  const float* parameters_ = nullptr;
  PackedParameters<T> packed_;
  WeightGradients<T> weight_gradients_;

  std::vector<std::int32_t> ids_;
  std::vector<std::uint32_t> starts_;
  std::vector<Chunk> chunks_;
  std::uint64_t seed_ = 0;
  std::size_t slots_ = 0;  // of this batch
  std::size_t room_ = 0;   // slots that there is memory for

  std::vector<LayerTape<T>> tapes_;
  Memory<float> inputs_;  // of layers, to make the tape again
  Memory<T> embedded_;    // centred, before the gain
  Memory<float> embedded_rstd_;
  Memory<float> dx_;
  Buffer<float> sums_;
  Buffer<float> vectors_;
  Workers workers_;
  std::vector<PassScratch<T>> scratch_;  // one a worker
  std::vector<std::int32_t> touched_;
  std::vector<float> zeros_ =
      std::vector<float>(std::max({inner_, layout_.heads_width, layout_.width}));
};

}  // namespace

std::unique_ptr<EncoderPass> EncoderPass::make(const ParameterLayout& layout,
                                               const PassOptions& options) {
  assert(options.precision != Precision::kInt8);
  if (options.precision == Precision::kBf16) return std::make_unique<Pass<Bf16>>(layout, options);
  return std::make_unique<Pass<float>>(layout, options);
}

}  // namespace enlace
