#include "nn/encoder.h"

#include <cassert>

#include "math/kernels.h"

namespace enlace {
namespace {

using Epilogue = decltype(Kernels::add_bias);

/// y(N, >= out) = finish(x(N, >= in) W^T + b), panel by panel while a panel is in the cache.
void apply(const Linear& linear, MatrixView<const float> x, Epilogue finish, MatrixView<float> y) {
  assert(x.cols() >= linear.weight.depth() && y.cols() >= linear.weight.padded_rows());
  const auto multiply_panel = products().multiply_f32;
  for (std::size_t p = 0; p < linear.weight.panels(); ++p) {
    float* columns = y.data() + p * kPanelWidth;
    multiply_panel(x.data(), x.cols(), x.rows(), linear.weight.panel(p), linear.weight.depth(),
                   columns, y.cols());
    finish(columns, y.cols(), y.rows(), &linear.bias[p * kPanelWidth]);
  }
}

/// x = norm(x + y), row by row.
void add_normalize(const LayerNorm& norm, float epsilon, MatrixView<const float> y,
                   MatrixView<float> x) {
  const auto run = kernels().add_normalize;
  for (std::size_t n = 0; n < x.rows(); ++n) {
    run(x.row(n).data(), y.row(n).data(), norm.gain.data(), norm.bias.data(), epsilon,
        norm.gain.size());
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
      run(x.row(n).data(), position, norm.gain.data(), norm.bias.data(), weights.config.epsilon, C);
    }
  }
}

}  // namespace

MatrixView<const float> forward(const EncoderWeights& weights, const Batch& batch,
                                Workspace& workspace) {
  assert(batch.starts.front() == 0 && batch.starts.back() == batch.ids.size());
  const ModelConfig& config = weights.config;
  const auto add_bias = kernels().add_bias;
  const std::size_t N = batch.ids.size();
  const std::size_t width = config.heads * weights.head_width();

  const auto x = workspace.x.shape(N, config.hidden);
  const auto qkv = workspace.qkv.shape(N, 3 * width);
  const auto context = workspace.context.shape(N, width);

  embed(weights, batch, x);
  for (const EncoderLayer& layer : weights.layers) {
    apply(layer.qkv, x, add_bias, qkv);
    for (std::size_t s = 0; s + 1 < batch.starts.size(); ++s) {
      const std::size_t begin = batch.starts[s];
      const std::size_t end = batch.starts[s + 1];
      attend(qkv.slice(begin, end), config.heads, config.hidden / config.heads, workspace.attention,
             context.slice(begin, end));
    }
    const auto y = workspace.y.shape(N, layer.output.weight.padded_rows());
    apply(layer.output, context, add_bias, y);
    add_normalize(layer.attention_norm, config.epsilon, y, x);

    const auto inner = workspace.inner.shape(N, layer.up.weight.padded_rows());
    apply(layer.up, x, kernels().add_bias_gelu, inner);
    apply(layer.down, inner, add_bias, y);
    add_normalize(layer.feed_forward_norm, config.epsilon, y, x);
  }
  return x;
}

}  // namespace enlace
