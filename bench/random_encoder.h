// An encoder of the width of multilingual-e5-small with random weights; by default of its size.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "nn/encoder.h"

namespace enlace {

/// Its tensors are all views of the same few numbers.
class RandomEncoder {
 public:
  explicit RandomEncoder(Precision precision = Precision::kF32, std::size_t layers = 12,
                         std::size_t inner = 1536) {
    config_.layers = layers;
    config_.hidden = 384;
    config_.heads = 12;
    config_.inner = inner;
    config_.vocabulary = 1000;
    config_.positions = 64;
    config_.epsilon = 1e-12F;
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, 0.05F);
    pool_.resize(inner * 384);
    for (float& value : pool_) value = normal(random);
    add("embeddings.word_embeddings.weight", {1000, 384});
    add("embeddings.position_embeddings.weight", {64, 384});
    add_norm("embeddings.LayerNorm");
    for (std::size_t layer = 0; layer < config_.layers; ++layer) {
      const std::string name = "encoder.layer." + std::to_string(layer) + ".";
      for (const char* part : {"query", "key", "value"}) {
        add_linear(name + "attention.self." + part, 384, 384);
      }
      add_linear(name + "attention.output.dense", 384, 384);
      add_norm(name + "attention.output.LayerNorm");
      add_linear(name + "intermediate.dense", inner, 384);
      add_linear(name + "output.dense", 384, inner);
      add_norm(name + "output.LayerNorm");
    }
    std::sort(model_.tensors.begin(), model_.tensors.end(),
              [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
    weights_ = load_encoder_weights(config_, Checkpoint(model_, "random"), "random", precision);
  }
  const EncoderWeights& weights() const { return weights_; }

  /// Floating-point operations of the matrix products for one token, without attention.
  double flop_per_token() const {
    return 2.0 * double(config_.layers) * 384 * (4.0 * 384 + 2.0 * double(config_.inner));
  }

 private:
  void add(const std::string& name, const std::vector<std::size_t>& shape) {
    Tensor tensor{name, TensorType::kF32, shape, {}};
    tensor.bytes = std::as_bytes(std::span(pool_).first(tensor.count()));
    model_.tensors.push_back(tensor);
  }
  void add_norm(const std::string& name) {
    add(name + ".weight", {384});
    add(name + ".bias", {384});
  }
  void add_linear(const std::string& name, std::size_t out, std::size_t in) {
    add(name + ".weight", {out, in});
    add(name + ".bias", {out});
  }

  std::vector<float> pool_;
  ModelConfig config_;
  TensorFile model_;
  EncoderWeights weights_;
};

}  // namespace enlace
