#include "nn/encoder_weights.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "base/error.h"
#include "math/block_products.h"
#include "nn/rounding.h"
#include "nn/tensor_loader.h"

namespace enlace {
namespace {

constexpr std::size_t kAlignment = 64;

std::size_t padded(std::size_t columns) noexcept {
  return rounded_up(columns, kPanelWidth);
}

/// A matrix (out, in) and a bias (out) as the layer wants them, before they are packed.
struct Dense {
  std::vector<float> weight;
  std::vector<float> bias;
};

/// The parts of a quantised layer that are to be filled.
struct QuantizedParts {
  std::int8_t* weight;
  float* scale;
  std::int32_t* sum;
};

std::int32_t magnitudes(std::span<const std::int8_t> bytes) noexcept {
  return std::accumulate(bytes.begin(), bytes.end(), 0,
                         [](int sum, int b) { return sum + std::abs(b); });
}

/// Rounds a row as the products of this tier want it. Returns its step.
float round_row(const RoundingPlan& rounding, std::span<const float> weights,
                std::span<std::int8_t> bytes) {
  if (products().wants_narrow) return round_narrow(rounding, weights, bytes.data());
  float step = step_of(weights);
  round_weights(rounding, weights, step, bytes.data());
  // Hardly ever: their mean is above 85 then. A step that is not finite would stay so.
  while (magnitudes(bytes) > kMostColumnSum && std::isfinite(step)) {
    step *= 1.1F;
    round_weights(rounding, weights, step, bytes.data());
  }
  return step;
}

/// Channels [first, first + input_scale.size()) of all rows of `from`, in steps of their own.
void quantize_slice(const Dense& from, std::size_t in, std::size_t first,
                    std::span<const float> input_scale, const RoundingPlan& rounding,
                    QuantizedParts to) {
  const std::size_t out = from.bias.size(), width = input_scale.size();
  std::vector<std::int8_t> bytes(out * width);
  std::vector<float> weights(width);
  for (std::size_t row = 0; row < out; ++row) {
    for (std::size_t k = 0; k < width; ++k) {
      weights[k] = from.weight[row * in + first + k] / input_scale[k];
    }
    const std::span to_round(&bytes[row * width], width);
    to.scale[row] = round_row(rounding, weights, to_round);
    to.sum[row] = std::accumulate(to_round.begin(), to_round.end(), 0);
  }
  pack<std::int8_t>({bytes.data(), out, width}, to.weight);
}

void quantize_weight(const Linear& layer, const Dense& from, const float* input_scale,
                     const InputStatistics* inputs, QuantizedParts to) {
  for (std::size_t first = 0; first < layer.in; first += kSliceDepth) {
    const std::span scale(input_scale + first, std::min(kSliceDepth, layer.in - first));
    quantize_slice(from, layer.in, first, scale, rounding_of_slice(inputs, first, scale), to);
    to.weight += packed_depth<std::int8_t>(scale.size()) * layer.out();
    to.scale += layer.out();
    to.sum += layer.out();
  }
}

/// What to multiply a channel with whose weights and inputs are so wide: half-way between making
/// all inputs equally wide and making all weights so (SmoothQuant with alpha = 1/2). Narrow quads
/// are best a little nearer to the former (measured: alpha of 0.56 to 0.6).
float input_scale_of(float weight, float input) noexcept {
  constexpr float kNarrowAlpha = 0.56F;
  if (!products().wants_narrow) return std::sqrt(weight / input);
  return std::pow(weight, 1 - kNarrowAlpha) / std::pow(input, kNarrowAlpha);
}

void choose_input_scale(const Dense& from, std::size_t in, const InputStatistics* inputs,
                        float* input_scale) {
  std::fill_n(input_scale, in, 1.0F);
  if (inputs == nullptr) return;
  for (std::size_t k = 0; k < in; ++k) {
    float weight = 0;
    for (std::size_t row = 0; row < from.bias.size(); ++row) {
      weight = std::max(weight, std::fabs(from.weight[row * in + k]));
    }
    if (inputs->greatest[k] > 0 && weight > 0) {
      input_scale[k] = input_scale_of(weight, inputs->greatest[k]);
    }
  }
}

/// Deals out the parts of a block in their order, and fills them if it has something to load from.
class Builder {
 public:
  /// `block` may be null, to measure; `load` may be null, to leave the block as it is.
  Builder(std::byte* block, const TensorLoader* load, const EncoderStatistics* statistics) noexcept
      : block_(block), load_(load), statistics_(statistics) {}

  std::size_t used() const noexcept { return used_; }

  void build(EncoderWeights& weights) {
    const ModelConfig& config = weights.config;
    const std::size_t C = config.hidden;
    weights.positions = positions(config);
    weights.embedding_norm = norm("embeddings.LayerNorm", C);
    weights.layers.clear();
    for (std::size_t layer = 0; layer < config.layers; ++layer) {
      weights.layers.push_back(
          encoder_layer(layer, config, weights.head_width(), weights.precision));
    }
  }

 private:
  template <class T>
  T* take(std::size_t count) noexcept {
    std::byte* at = block_ == nullptr ? nullptr : block_ + used_;
    used_ += rounded_up(count * sizeof(T), kAlignment);
    return reinterpret_cast<T*>(at);
  }

  const float* vector(const std::string& name, std::size_t size) {
    float* values = take<float>(size);
    if (load_ != nullptr) std::ranges::copy(load_->values(name, {size}), values);
    return values;
  }

  LayerNorm norm(const std::string& name, std::size_t width) {
    const float* gain = vector(name + ".weight", width);
    return {gain, vector(name + ".bias", width)};
  }

  const float* positions(const ModelConfig& config) {
    const std::size_t C = config.hidden;
    float* values = take<float>(config.positions * C);
    if (load_ == nullptr) return values;
    std::ranges::copy(load_->values("embeddings.position_embeddings.weight", {config.positions, C}),
                      values);
    if (config.types == 0) return values;
    const auto types = load_->values("embeddings.token_type_embeddings.weight", {config.types, C});
    for (std::size_t i = 0; i < config.positions * C; ++i) values[i] += types[i % C];
    return values;
  }

  /// `dense` gives what to pack; it is asked only if there is something to load from.
  template <class MakeDense>
  Linear linear(Precision precision, std::size_t out, std::size_t in, const InputStatistics* inputs,
                const MakeDense& dense) {
    Linear layer;
    layer.precision = precision;
    layer.in = in;
    layer.panels = padded(out) / kPanelWidth;
    switch (precision) {
      case Precision::kF32:
        return fill<float>(layer, dense, [&](const Dense& from, float* weight) {
          pack<float>({from.weight.data(), out, in}, weight);
        });
      case Precision::kBf16:
        return fill<Bf16>(layer, dense, [&](const Dense& from, Bf16* weight) {
          std::vector<Bf16> halves(out * in);
          kernels().to_bf16(from.weight.data(), halves.size(), halves.data());
          pack<Bf16>({halves.data(), out, in}, weight);
        });
      case Precision::kInt8: break;
    }
    float* input_scale = take<float>(in);
    float* scale = take<float>(layer.slices() * layer.out());
    auto* sum = take<std::int32_t>(layer.slices() * layer.out());
    layer.input_scale = input_scale;
    layer.scale = scale;
    layer.column_sum = sum;
    return fill<std::int8_t>(layer, dense, [&](const Dense& from, std::int8_t* weight) {
      choose_input_scale(from, in, inputs, input_scale);
      quantize_weight(layer, from, input_scale, inputs, {weight, scale, sum});
    });
  }

  template <class T, class MakeDense, class Pack>
  Linear fill(Linear layer, const MakeDense& dense, const Pack& pack_weight) {
    T* weight = take<T>(packed_depth<T>(layer.in) * layer.out());
    float* bias = take<float>(layer.out());
    layer.weight = weight;
    layer.bias = bias;
    if (load_ != nullptr) {
      const Dense from = dense();
      pack_weight(from, weight);
      std::ranges::copy(from.bias, bias);
    }
    return layer;
  }

  Dense plain(const std::string& name, std::size_t out, std::size_t in) const {
    return {load_->values(name + ".weight", {out, in}), load_->values(name + ".bias", {out})};
  }

  /// Query, key and value as one matrix, each head padded to `width` rows.
  Dense fused_qkv(const std::string& name, const ModelConfig& config, std::size_t width) const {
    const std::size_t C = config.hidden;
    const std::size_t D = C / config.heads;
    const std::size_t rows = 3 * config.heads * width;
    Dense dense{std::vector<float>(rows * C), std::vector<float>(rows)};
    std::size_t row = 0;  // of the fused matrix
    for (const char* part : {"query", "key", "value"}) {
      const Dense from = plain(name + part, C, C);
      for (std::size_t head = 0; head < config.heads; ++head, row += width) {
        std::copy_n(&from.weight[head * D * C], D * C, &dense.weight[row * C]);
        std::copy_n(&from.bias[head * D], D, &dense.bias[row]);
      }
    }
    return dense;
  }

  /// The projection of the heads' contexts, each padded to `width` columns.
  Dense output(const std::string& name, const ModelConfig& config, std::size_t width) const {
    const std::size_t C = config.hidden;
    const std::size_t D = C / config.heads;
    const Dense from = plain(name, C, C);
    Dense dense{std::vector<float>(C * config.heads * width), from.bias};
    for (std::size_t block = 0; block < C * config.heads; ++block) {  // one head of one row
      std::copy_n(&from.weight[block * D], D, &dense.weight[block * width]);
    }
    return dense;
  }

  EncoderLayer encoder_layer(std::size_t number, const ModelConfig& config, std::size_t width,
                             Precision precision) {
    const std::string name = fmt::format("encoder.layer.{}.", number);
    const std::size_t C = config.hidden;
    const std::size_t F = config.inner;
    const std::size_t HW = config.heads * width;
    const auto inputs = [&](InputStatistics LayerStatistics::*part) {
      return statistics_ == nullptr ? nullptr : &((*statistics_)[number].*part);
    };
    EncoderLayer layer;
    layer.qkv = linear(precision, 3 * HW, C, inputs(&LayerStatistics::qkv),
                       [&] { return fused_qkv(name + "attention.self.", config, width); });
    layer.output = linear(precision, C, HW, inputs(&LayerStatistics::output),
                          [&] { return output(name + "attention.output.dense", config, width); });
    layer.attention_norm = norm(name + "attention.output.LayerNorm", C);
    layer.up = linear(precision, F, C, inputs(&LayerStatistics::up),
                      [&] { return plain(name + "intermediate.dense", F, C); });
    layer.down = linear(precision, C, F, inputs(&LayerStatistics::down),
                        [&] { return plain(name + "output.dense", C, F); });
    layer.feed_forward_norm = norm(name + "output.LayerNorm", C);
    return layer;
  }

  std::byte* block_;
  const TensorLoader* load_;
  const EncoderStatistics* statistics_;
  std::size_t used_ = 0;
};

constexpr const char* kTokens = "embeddings.word_embeddings.weight";

EncoderWeights empty_weights(const ModelConfig& config, Precision precision) {
  EncoderWeights weights;
  weights.config = config;
  weights.precision = precision;
  return weights;
}

/// Complains of what is missing, before memory is taken by the configuration's word.
void check_shapes(const TensorLoader& load, const ModelConfig& config) {
  const std::size_t C = config.hidden;
  load.tensor("embeddings.position_embeddings.weight", {config.positions, C});
  for (std::size_t layer = 0; layer < config.layers; ++layer) {
    const std::string name = fmt::format("encoder.layer.{}.", layer);
    for (const char* part : {"query", "key", "value"}) {
      load.tensor(name + "attention.self." + part + ".weight", {C, C});
    }
    load.tensor(name + "intermediate.dense.weight", {config.inner, C});
  }
}

std::size_t block_size(const ModelConfig& config, Precision precision) {
  EncoderWeights weights = empty_weights(config, precision);
  Builder measure(nullptr, nullptr, nullptr);
  measure.build(weights);
  return measure.used();
}

}  // namespace

std::size_t EncoderWeights::head_width() const noexcept {
  return padded(config.hidden / config.heads);
}

EncoderWeights load_encoder_weights(const ModelConfig& config, const Checkpoint& model,
                                    std::string_view where, Precision precision,
                                    const EncoderStatistics* statistics) {
  const TensorLoader load(model, where);
  EncoderWeights weights = empty_weights(config, precision);
  weights.tokens = load.checked(kTokens, {config.vocabulary, config.hidden});
  check_shapes(load, config);
  const std::size_t size = block_size(config, precision);
  weights.owned = allocate_bytes(size);
  auto* block = static_cast<std::byte*>(weights.owned.get());
  weights.block = {block, size};
  Builder(block, &load, statistics).build(weights);
  return weights;
}

EncoderWeights bind_encoder_weights(const ModelConfig& config, const Checkpoint& model,
                                    std::string_view where, Precision precision,
                                    std::span<const std::byte> block) {
  const TensorLoader load(model, where);
  EncoderWeights weights = empty_weights(config, precision);
  weights.tokens = load.tensor(kTokens, {config.vocabulary, config.hidden});
  const std::size_t size = block_size(config, precision);
  if (block.size() != size) {
    throw Error(ErrorKind::kCorrupt, "{}: expected {} bytes of packed weights, found {}", where,
                size, block.size());
  }
  weights.block = block;
  // Without a loader nothing is written.
  Builder(const_cast<std::byte*>(block.data()), nullptr, nullptr).build(weights);
  return weights;
}

}  // namespace enlace
