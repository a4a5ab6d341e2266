// How much of the processor's peak does a whole forward pass reach, by tokens in a batch?
#include <algorithm>
#include <random>
#include <string>

#include <benchmark/benchmark.h>

#include "nn/encoder.h"

namespace enlace {
namespace {

constexpr std::size_t kTextTokens = 11;  // of a clinical name, on average

/// An encoder of the size of multilingual-e5-small, its tensors all views of the same few numbers.
class RandomEncoder {
 public:
  RandomEncoder() {
    config_.layers = 12;
    config_.hidden = 384;
    config_.heads = 12;
    config_.inner = 1536;
    config_.vocabulary = 1000;
    config_.positions = 64;
    config_.epsilon = 1e-12F;
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, 0.05F);
    pool_.resize(1536 * 384);
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
      add_linear(name + "intermediate.dense", 1536, 384);
      add_linear(name + "output.dense", 384, 1536);
      add_norm(name + "output.LayerNorm");
    }
    std::sort(model_.tensors.begin(), model_.tensors.end(),
              [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
    weights_ = load_encoder_weights(config_, Checkpoint(model_, "random"), "random");
  }
  const EncoderWeights& weights() const { return weights_; }

  /// Floating-point operations of the matrix products for one token, without attention.
  double flop_per_token() const { return 2.0 * 12 * (4.0 * 384 * 384 + 2.0 * 384 * 1536); }

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

void forward_pass(benchmark::State& state) {
  static const RandomEncoder encoder;
  std::vector<std::int32_t> ids;
  std::vector<std::uint32_t> starts{0};
  while (ids.size() + kTextTokens <= std::size_t(state.range(0))) {
    for (std::size_t i = 0; i < kTextTokens; ++i) ids.push_back(std::int32_t(ids.size() % 1000));
    starts.push_back(std::uint32_t(ids.size()));
  }
  Workspace workspace;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        forward(encoder.weights(), {ids, starts}, Wanted::kAllTokens, workspace).data());
  }
  state.counters["flop/s"] = benchmark::Counter(encoder.flop_per_token() * double(ids.size()),
                                                benchmark::Counter::kIsIterationInvariantRate);
  state.counters["texts/s"] =
      benchmark::Counter(double(starts.size() - 1), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(forward_pass)->Arg(11)->Arg(128)->Arg(256)->Arg(384)->Arg(512)->Arg(1024);

}  // namespace
}  // namespace enlace
