#include "nn/encoder.h"

#include <algorithm>
#include <cassert>

#include "base/spin_barrier.h"
#include "math/kernels.h"

namespace enlace {
namespace {

/// Bytes of the feed-forward activations that are alive at a time: they stay in the second-level
/// cache.
constexpr std::size_t kInnerBytes = 512U << 10;

/// Rows of the feed-forward product that are taken together.
std::size_t rows_together(const EncoderWeights& weights) noexcept {
  constexpr std::size_t kUnit = 48;  // whole tiles in every tier
  const std::size_t width = weights.layers.front().up.out();
  return std::max(kUnit, kInnerBytes / (width * sizeof(float)) / kUnit * kUnit);
}

/// x = norm(x + y), row by row; y may have more columns.
void add_normalize(const LayerNorm& norm, float epsilon, MatrixView<const float> y,
                   MatrixView<float> x) {
  const auto run = kernels().add_normalize;
  for (std::size_t n = 0; n < x.rows(); ++n) {
    run(x.row(n).data(), y.row(n).data(), norm.gain, norm.bias, epsilon, x.cols());
  }
}

/// x = norm(token + position), row by row.
void embed(const EncoderWeights& weights, const Batch& batch, MatrixView<float> x) {
  const std::size_t C = weights.config.hidden;
  const auto run = kernels().add_normalize;
  const LayerNorm& norm = weights.embedding_norm;
  for (std::size_t s = 0; s + 1 < batch.starts.size(); ++s) {
    const float* position = &weights.positions[weights.config.first_position * C];
    for (std::size_t n = batch.starts[s]; n < batch.starts[s + 1]; ++n, position += C) {
      read_values(weights.tokens, std::size_t(batch.ids[n]) * C, x.row(n).first(C));
      run(x.row(n).data(), position, norm.gain, norm.bias, weights.config.epsilon, C);
    }
  }
}

/// The first row of every sequence, moved together.
MatrixView<float> keep_first(const Batch& batch, MatrixView<float> x) {
  const std::size_t sequences = batch.starts.size() - 1;
  for (std::size_t s = 0; s < sequences; ++s) {
    std::ranges::copy(x.row(batch.starts[s]), x.row(s).begin());
  }
  return x.slice(0, sequences);
}

/// One thread's part in a pass that several may share: of every product some panels, of attention
/// some heads. Each normalizes all rows for itself, so it has an x of its own; the rest is shared,
/// and nobody reads it before all have written, nor writes it before all have read.
class Pass {
 public:
  Pass(const EncoderWeights& weights, SharedStates& states, Workspace& own, ActivationRanges* seen,
       std::size_t worker, std::size_t workers, SpinBarrier* barrier) noexcept
      : weights_(weights),
        states_(states),
        own_(own),
        seen_(seen),
        worker_(worker),
        workers_(workers),
        barrier_(barrier) {}

  MatrixView<const float> run(const Batch& batch, Wanted wanted) {
    const ProductScope scope;
    auto x = own_.x.shape(batch.ids.size(), weights_.config.hidden);
    embed(weights_, batch, x);
    for (std::size_t layer = 0; layer < weights_.layers.size(); ++layer) {
      const bool last = layer + 1 == weights_.layers.size();
      x = attention(layer, batch, last && wanted == Wanted::kFirstTokens, x);
      feed_forward(layer, x);
    }
    return x;
  }

 private:
  struct Part {
    std::size_t first, last;
  };
  Part part_of(std::size_t count) const noexcept {
    return {count * worker_ / workers_, count * (worker_ + 1) / workers_};
  }

  void multiply(const Linear& linear, MatrixView<const float> from, Activation activation,
                MatrixView<float> to) {
    const Part panels = part_of(linear.panels);
    apply(linear, from, activation, own_.linear, to, panels.first, panels.last);
    meet();
  }

  void meet() {
    if (barrier_ != nullptr) barrier_->wait();
  }

  /// norm(x + output(attend(qkv(x)))), of the first tokens alone if `first_only`.
  MatrixView<float> attention(std::size_t number, const Batch& batch, bool first_only,
                              MatrixView<float> x) {
    const EncoderLayer& layer = weights_.layers[number];
    const ModelConfig& config = weights_.config;
    const auto qkv = states_.qkv.view(x.rows(), layer.qkv.out());
    multiply(layer.qkv, x, Activation::kNone, qkv);
    if (seen_ != nullptr) (*seen_)[number].qkv.see(x);

    const std::size_t rows = first_only ? batch.starts.size() - 1 : x.rows();
    const auto context = states_.context.view(rows, layer.output.in);
    const Part heads = part_of(config.heads);
    for (std::size_t s = 0; s + 1 < batch.starts.size(); ++s) {
      const std::size_t begin = batch.starts[s];
      const std::size_t end = batch.starts[s + 1];
      attend(qkv.slice(begin, end), config.heads, config.hidden / config.heads, heads.first,
             heads.last, own_.attention,
             first_only ? context.slice(s, s + 1) : context.slice(begin, end));
    }
    meet();
    if (first_only) x = keep_first(batch, x);
    const auto y = states_.y.view(rows, layer.output.out());
    multiply(layer.output, context, Activation::kNone, y);
    if (seen_ != nullptr) (*seen_)[number].output.see(context);
    add_normalize(layer.attention_norm, config.epsilon, y, x);
    return x;
  }

  /// x = norm(x + down(gelu(up(x)))), some rows at a time.
  void feed_forward(std::size_t number, MatrixView<float> x) {
    const EncoderLayer& layer = weights_.layers[number];
    const std::size_t most = rows_together(weights_);
    for (std::size_t first = 0; first < x.rows(); first += most) {
      const auto rows = x.slice(first, std::min(first + most, x.rows()));
      const auto inner = states_.inner.view(rows.rows(), layer.up.out());
      const auto y = states_.y.view(rows.rows(), layer.down.out());
      multiply(layer.up, rows, Activation::kGelu, inner);
      multiply(layer.down, inner, Activation::kNone, y);
      if (seen_ != nullptr) {
        (*seen_)[number].up.see(rows);
        (*seen_)[number].down.see(inner);
      }
      add_normalize(layer.feed_forward_norm, weights_.config.epsilon, y, rows);
    }
  }

  const EncoderWeights& weights_;
  SharedStates& states_;
  Workspace& own_;
  ActivationRanges* seen_;
  std::size_t worker_, workers_;
  SpinBarrier* barrier_;
};

/// Room for all that a pass over `rows` tokens shares.
void reserve(const EncoderWeights& weights, std::size_t rows, SharedStates& states) {
  if (weights.layers.empty()) return;
  const EncoderLayer& layer = weights.layers.front();
  states.qkv.shape(rows, layer.qkv.out());
  states.context.shape(rows, layer.output.in);
  states.y.shape(rows, layer.output.out());
  states.inner.shape(std::min(rows, rows_together(weights)), layer.up.out());
}

}  // namespace

MatrixView<const float> forward(const EncoderWeights& weights, const Batch& batch, Wanted wanted,
                                Workspace& workspace, ActivationRanges* seen) {
  assert(batch.starts.front() == 0 && batch.starts.back() == batch.ids.size());
  reserve(weights, batch.ids.size(), workspace.states);
  return Pass(weights, workspace.states, workspace, seen, 0, 1, nullptr).run(batch, wanted);
}

std::optional<MatrixView<const float>> forward_together(const EncoderWeights& weights,
                                                        const Batch& batch, Wanted wanted,
                                                        Crew& crew,
                                                        std::span<Workspace> workspaces) {
  assert(workspaces.size() == crew.size());
  SharedStates& states = workspaces.front().states;
  reserve(weights, batch.ids.size(), states);
  SpinBarrier barrier(crew.size());
  MatrixView<const float> result;
  const bool done = crew.run([&](std::size_t share) {
    try {
      Pass pass(weights, states, workspaces[share], nullptr, share, crew.size(), &barrier);
      const auto found = pass.run(batch, wanted);
      if (share == 0) result = found;
    } catch (...) {
      barrier.give_up();
      throw;
    }
  });
  if (!done) return std::nullopt;
  return result;
}

ActivationRanges empty_ranges(const EncoderWeights& weights) {
  const auto range_of = [](const Linear& layer) {
    return ChannelRange{std::vector<float>(layer.in)};
  };
  ActivationRanges ranges;
  for (const EncoderLayer& layer : weights.layers) {
    ranges.push_back(
        {range_of(layer.qkv), range_of(layer.output), range_of(layer.up), range_of(layer.down)});
  }
  return ranges;
}

}  // namespace enlace
