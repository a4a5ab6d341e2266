#include "nn/encoder_weights.h"

#include <algorithm>
#include <initializer_list>

#include "base/error.h"

namespace enlace {
namespace {

std::size_t padded(std::size_t columns) noexcept {
  return (columns + kPanelWidth - 1) / kPanelWidth * kPanelWidth;
}

/// Finds tensors by name under the model's prefix and checks their shapes.
class Loader {
 public:
  Loader(const Safetensors& model, std::string_view where) : model_(model), where_(where) {
    for (const char* prefix : {"bert.", "roberta."}) {
      if (model.find(std::string(prefix) + "embeddings.word_embeddings.weight") != nullptr) {
        prefix_ = prefix;
      }
    }
  }

  const Tensor& tensor(std::string_view name, std::initializer_list<std::size_t> shape) const {
    const std::string full = prefix_ + std::string(name);
    const Tensor* found = model_.find(full);
    if (found == nullptr) {
      throw Error(ErrorKind::kCorrupt, "{}: expected a tensor {} of shape {}, found none", where_,
                  full, shape_text(shape));
    }
    if (!std::equal(shape.begin(), shape.end(), found->shape.begin(), found->shape.end())) {
      throw Error(ErrorKind::kCorrupt, "{}: tensor {}: expected shape {}, found {}", where_, full,
                  shape_text(shape), shape_text(found->shape));
    }
    return *found;
  }

  std::vector<float> values(const std::string& name,
                            std::initializer_list<std::size_t> shape) const {
    return load_values(tensor(name, shape), where_);
  }

  /// A tensor that is left where it lies.
  Tensor borrowed(const std::string& name, std::initializer_list<std::size_t> shape) const {
    const Tensor& found = tensor(name, shape);
    check_values(found, where_);
    return found;
  }

  LayerNorm norm(const std::string& name, std::size_t width) const {
    return {values(name + ".weight", {width}), values(name + ".bias", {width})};
  }

  Linear linear(const std::string& name, std::size_t out, std::size_t in) const {
    const auto weight = values(name + ".weight", {out, in});
    Linear result{PackedMatrix({weight.data(), out, in}), values(name + ".bias", {out})};
    result.bias.resize(padded(out));
    return result;
  }

 private:
  const Safetensors& model_;
  std::string_view where_;
  std::string prefix_;
};

/// Query, key and value as one product, each head padded to `width` columns.
Linear load_qkv(const Loader& load, const std::string& name, const ModelConfig& config,
                std::size_t width) {
  const std::size_t C = config.hidden;
  const std::size_t D = C / config.heads;
  const std::size_t rows = 3 * config.heads * width;
  load.tensor(name + "query.weight", {C, C});  // before memory is taken by the config's word
  std::vector<float> weight(rows * C);
  std::vector<float> bias(rows);
  std::size_t row = 0;  // of the fused matrix
  for (const char* part : {"query", "key", "value"}) {
    const auto from = load.values(name + part + ".weight", {C, C});
    const auto from_bias = load.values(name + part + ".bias", {C});
    for (std::size_t head = 0; head < config.heads; ++head, row += width) {
      std::copy_n(&from[head * D * C], D * C, &weight[row * C]);
      std::copy_n(&from_bias[head * D], D, &bias[row]);
    }
  }
  return {PackedMatrix({weight.data(), rows, C}), std::move(bias)};
}

/// The projection of the heads' contexts, each padded to `width` columns.
Linear load_output(const Loader& load, const std::string& name, const ModelConfig& config,
                   std::size_t width) {
  const std::size_t C = config.hidden;
  const std::size_t D = C / config.heads;
  const auto from = load.values(name + ".weight", {C, C});
  std::vector<float> weight(C * config.heads * width);
  for (std::size_t block = 0; block < C * config.heads; ++block) {  // one head of one row
    std::copy_n(&from[block * D], D, &weight[block * width]);
  }
  Linear result{PackedMatrix({weight.data(), C, config.heads * width}),
                load.values(name + ".bias", {C})};
  result.bias.resize(padded(C));
  return result;
}

EncoderLayer load_layer(const Loader& load, std::size_t number, const ModelConfig& config,
                        std::size_t width) {
  const std::string name = fmt::format("encoder.layer.{}.", number);
  const std::size_t C = config.hidden;
  return {load_qkv(load, name + "attention.self.", config, width),
          load_output(load, name + "attention.output.dense", config, width),
          load.norm(name + "attention.output.LayerNorm", C),
          load.linear(name + "intermediate.dense", config.inner, C),
          load.linear(name + "output.dense", C, config.inner),
          load.norm(name + "output.LayerNorm", C)};
}

std::vector<float> load_positions(const Loader& load, const ModelConfig& config) {
  const std::size_t C = config.hidden;
  auto positions = load.values("embeddings.position_embeddings.weight", {config.positions, C});
  if (config.types == 0) return positions;
  const auto types = load.values("embeddings.token_type_embeddings.weight", {config.types, C});
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] += types[i % C];
  return positions;
}

}  // namespace

std::size_t EncoderWeights::head_width() const noexcept {
  return padded(config.hidden / config.heads);
}

EncoderWeights load_encoder_weights(const ModelConfig& config, const Safetensors& model,
                                    std::string_view where) {
  const Loader load(model, where);
  const std::size_t C = config.hidden;
  EncoderWeights weights;
  weights.config = config;
  weights.tokens = load.borrowed("embeddings.word_embeddings.weight", {config.vocabulary, C});
  weights.positions = load_positions(load, config);
  weights.embedding_norm = load.norm("embeddings.LayerNorm", C);
  for (std::size_t layer = 0; layer < config.layers; ++layer) {
    weights.layers.push_back(load_layer(load, layer, config, weights.head_width()));
  }
  return weights;
}

}  // namespace enlace
