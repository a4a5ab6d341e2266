#include "nn/encoder_chunks.h"

#include <algorithm>

#include "math/buffer.h"
#include "nn/attention.h"

namespace enlace {
namespace {

/// The most rows that go through attention together.
std::size_t most_rows(const EncoderLayer& layer, const Batch& batch) noexcept {
  std::size_t most = 0;
  for (std::size_t first = 0; first + 1 < batch.starts.size();) {
    const std::size_t last = end_of_chunk(layer, batch, first);
    most = std::max<std::size_t>(most, batch.starts[last] - batch.starts[first]);
    first = last;
  }
  return most;
}

}  // namespace

bool states_in_halves(Precision precision) noexcept {
  return precision == Precision::kInt8 && kernels().computes_in_halves;
}

bool inner_in_halves(Precision precision) noexcept {
  return precision != Precision::kF32;
}

std::size_t spread_states(bool in_halves, std::size_t columns) noexcept {
  return in_halves ? spread<Half>(columns) : spread<float>(columns);
}

std::size_t slices_together(const EncoderLayer& layer) noexcept {
  const std::size_t bytes = layer.up.weight_bytes() + layer.down.weight_bytes();
  return std::max<std::size_t>(1, cached_bytes() * layer.down.slices() / bytes);
}

bool at_once(const EncoderLayer& layer) noexcept {
  return slices_together(layer) >= layer.down.slices();
}

std::size_t end_of_chunk(const EncoderLayer& layer, const Batch& batch,
                         std::size_t first) noexcept {
  const std::size_t sequences = batch.starts.size() - 1;
  if (layer.qkv.weight_bytes() + layer.output.weight_bytes() > cached_bytes()) return sequences;
  std::size_t last = first + 1;
  while (last < sequences && batch.starts[last + 1] - batch.starts[first] <= kChunkRows) ++last;
  return last;
}

bool in_bf16(Precision precision) noexcept {
  return precision != Precision::kF32 && attends_in_bf16();
}

void reserve(const EncoderWeights& weights, const Batch& batch, SharedStates& states) {
  if (weights.layers.empty()) return;
  const EncoderLayer& layer = weights.layers.front();
  const std::size_t all = batch.ids.size(), rows = most_rows(layer, batch);
  const std::size_t chunk = std::min(all, kChunkRows);
  if (in_bf16(weights.precision)) {
    states.bf16_qkv.shape(rows, spread<Bf16>(layer.qkv.out()));
  } else {
    states.qkv.shape(rows, spread<float>(layer.qkv.out()));
  }
  states.context.shape(rows, layer.output.in);
  const bool halves = states_in_halves(weights.precision);
  states.y.shape(halves, std::max(rows, at_once(layer) ? chunk : all),
                 spread_states(halves, layer.output.out()));
  const bool inner_halves = inner_in_halves(weights.precision);
  states.inner.shape(inner_halves, chunk, spread_states(inner_halves, layer.up.out()));
}

}  // namespace enlace
