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

void embed(const EncoderWeights& weights, const Batch& batch, const States& x,
           Buffer<float>& scratch, LinearInput& next) {
  const std::size_t C = weights.config.hidden;
  const float* positions = &weights.positions[weights.config.first_position * C];
  const Norm norm{weights.embedding_norm.gain, weights.embedding_norm.bias, weights.config.epsilon};
  const auto fetch = [&](std::size_t n) {
    if (n < batch.ids.size()) prefetch_row(weights.tokens, std::size_t(batch.ids[n]));
  };
  const bool halves = x.halves.rows() > 0;
  for (std::size_t n = 0; n < kAhead; ++n) fetch(n);
  for (std::size_t s = 0; s + 1 < batch.starts.size(); ++s) {
    const Range rows{batch.starts[s], batch.starts[s + 1]};
    const auto floats =
        halves ? scratch.shape(rows.size(), C) : x.floats.slice(rows.first, rows.last);
    for (std::size_t n = rows.first; n < rows.last; ++n) {
      fetch(n + kAhead);
      read_values(weights.tokens, std::size_t(batch.ids[n]) * C, floats.row(n - rows.first));
    }
    kernels().add_normalize(floats.data(), C, positions, C, rows.size(), norm, C);
    if (halves) {
      kernels().to_halves(floats.data(), rows.size() * C, x.halves.row(rows.first).data());
    }
    next.prepare(rows);
  }
}

}  // namespace enlace
