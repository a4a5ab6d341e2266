#include "nn/encoder.h"

#include <algorithm>
#include <cassert>

#include "math/kernels.h"

namespace enlace {
namespace {

/// Bytes of the feed-forward activations that are alive at a time: they stay in the second-level
/// cache.
constexpr std::size_t kInnerBytes = 512U << 10;

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

/// x = norm(x + down(gelu(up(x)))), some rows at a time.
void feed_forward(const EncoderLayer& layer, float epsilon, MatrixView<float> x,
                  Workspace& workspace, LayerRanges* seen) {
  const std::size_t width = layer.up.out();
  const std::size_t most = std::max<std::size_t>(48, kInnerBytes / (width * sizeof(float)) / 48 * 48);
  for (std::size_t first = 0; first < x.rows(); first += most) {
    const auto rows = x.slice(first, std::min(first + most, x.rows()));
    const auto inner = workspace.inner.shape(rows.rows(), width);
    const auto y = workspace.y.shape(rows.rows(), layer.down.out());
    apply(layer.up, rows, Activation::kGelu, workspace.linear, inner);
    apply(layer.down, inner, Activation::kNone, workspace.linear, y);
    if (seen != nullptr) {
      seen->up.see(rows);
      seen->down.see(inner);
    }
    add_normalize(layer.feed_forward_norm, epsilon, y, rows);
  }
}

}  // namespace

MatrixView<const float> forward(const EncoderWeights& weights, const Batch& batch, Wanted wanted,
                                Workspace& workspace, ActivationRanges* seen) {
  assert(batch.starts.front() == 0 && batch.starts.back() == batch.ids.size());
  const ProductScope scope;
  const ModelConfig& config = weights.config;
  const std::size_t N = batch.ids.size();
  const std::size_t width = config.heads * weights.head_width();

  auto x = workspace.x.shape(N, config.hidden);
  auto context = workspace.context.shape(N, width);
  const auto qkv = workspace.qkv.shape(N, 3 * width);

  embed(weights, batch, x);
  for (std::size_t number = 0; number < weights.layers.size(); ++number) {
    const EncoderLayer& layer = weights.layers[number];
    LayerRanges* ranges = seen == nullptr ? nullptr : &(*seen)[number];
    apply(layer.qkv, x, Activation::kNone, workspace.linear, qkv);
    if (ranges != nullptr) ranges->qkv.see(x);
    const bool first_only = wanted == Wanted::kFirstTokens && number + 1 == weights.layers.size();
    for (std::size_t s = 0; s + 1 < batch.starts.size(); ++s) {
      const std::size_t begin = batch.starts[s];
      const std::size_t end = batch.starts[s + 1];
      attend(qkv.slice(begin, end), config.heads, config.hidden / config.heads, workspace.attention,
             context.slice(begin, first_only ? begin + 1 : end));
    }
    if (first_only) {
      x = keep_first(batch, x);
      context = keep_first(batch, context);
    }
    const auto y = workspace.y.shape(x.rows(), layer.output.out());
    apply(layer.output, context, Activation::kNone, workspace.linear, y);
    if (ranges != nullptr) ranges->output.see(context);
    add_normalize(layer.attention_norm, config.epsilon, y, x);
    feed_forward(layer, config.epsilon, x, workspace, ranges);
  }
  return x;
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
