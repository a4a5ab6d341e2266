#include "nn/embedding.h"

#include <algorithm>

#include "math/kernels.h"
#include "nn/tensor.h"

namespace enlace {
namespace {

/// Tokens whose rows are on their way from memory while others are read: they lie anywhere in
/// hundreds of megabytes, where a processor does not look ahead by itself.
constexpr std::size_t kAhead = 4;

}  // namespace

void embed(const EncoderWeights& weights, const Batch& batch, MatrixView<float> x,
           LinearInput& next) {
  const std::size_t C = weights.config.hidden;
  const float* positions = &weights.positions[weights.config.first_position * C];
  const Norm norm{weights.embedding_norm.gain, weights.embedding_norm.bias, weights.config.epsilon};
  const auto fetch = [&](std::size_t n) {
    if (n < batch.ids.size()) prefetch_row(weights.tokens, std::size_t(batch.ids[n]));
  };
  for (std::size_t n = 0; n < kAhead; ++n) fetch(n);
  for (std::size_t s = 0; s + 1 < batch.starts.size(); ++s) {
    const Range rows{batch.starts[s], batch.starts[s + 1]};
    for (std::size_t n = rows.first; n < rows.last; ++n) {
      fetch(n + kAhead);
      read_values(weights.tokens, std::size_t(batch.ids[n]) * C, x.row(n).first(C));
    }
    kernels().add_normalize(x.row(rows.first).data(), C, positions, C, rows.size(), norm, C);
    next.prepare(rows);
  }
}

}  // namespace enlace
