// A small BERT with random weights, and batches for it.
#pragma once

#include <random>
#include <vector>

#include "nn/encoder.h"
#include "train/parameters.h"

namespace enlace {

inline ModelConfig small_config() {
  ModelConfig config;
  config.layers = 2;
  config.hidden = 40;
  config.heads = 2;  // of 20 columns: neither is a whole panel
  config.inner = 72;
  config.vocabulary = 60;
  config.positions = 50;
  config.types = 2;
  config.epsilon = 1e-5F;
  config.type = "bert";
  return config;
}

/// Parameters whose biases and gains are random too.
inline Memory<float> lively_parameters(const ParameterLayout& layout, std::uint64_t seed) {
  auto values = random_parameters(layout, seed);
  std::mt19937 random(static_cast<std::uint32_t>(seed));
  std::normal_distribution<float> normal;
  for (const TensorPlace& place : tensor_places(layout)) {
    for (std::size_t r = 0; r < place.rows; ++r) {
      for (std::size_t c = 0; c < place.cols; ++c) {
        values[place.at(r, c)] += (place.shape.size() == 2 ? 0.15F : 0.1F) * normal(random);
      }
    }
  }
  return values;
}

struct OwnedBatch {
  std::vector<std::int32_t> ids;
  std::vector<std::uint32_t> starts{0};

  Batch view() const { return {ids, starts}; }
};

/// `count` sequences of 1 to `longest` tokens.
inline OwnedBatch random_batch(std::size_t count, std::size_t longest, std::uint32_t seed) {
  std::mt19937 random(seed);
  OwnedBatch batch;
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t t = random() % longest + 1; t > 0; --t) {
      batch.ids.push_back(static_cast<std::int32_t>(random() % 60));
    }
    batch.starts.push_back(static_cast<std::uint32_t>(batch.ids.size()));
  }
  return batch;
}

}  // namespace enlace
