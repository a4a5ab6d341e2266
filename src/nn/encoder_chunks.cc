#include "nn/encoder_chunks.h"

#include <algorithm>

#include "math/block_products.h"
#include "math/buffer.h"
#include "nn/attention.h"

namespace enlace {
namespace {

/// Results of a step of attention that wait for others to fill a block.
constexpr std::size_t kLeftOver = kRowsReadTogether - 1;

/// Rows that queries, keys and values are made of in one step.
std::size_t attention_step(const EncoderLayer& layer, const Batch& batch,
                           std::size_t workers) noexcept {
  const bool cached = layer.qkv.weight_bytes() + layer.output.weight_bytes() <= cached_bytes();
  return cached && workers == 1 ? kChunkRows : batch.ids.size();
}

/// The most rows that there are in a step of attention, made or left over.
std::size_t most_rows(const EncoderLayer& layer, const Batch& batch, std::size_t workers) noexcept {
  std::size_t longest = 0;
  for (std::size_t s = 0; s + 1 < batch.starts.size(); ++s) {
    longest = std::max<std::size_t>(longest, batch.starts[s + 1] - batch.starts[s]);
  }
  return std::min(attention_step(layer, batch, workers) + longest + kLeftOver, batch.ids.size());
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

AttentionSteps::AttentionSteps(const EncoderLayer& layer, const Batch& batch, bool first_only,
                               std::size_t workers) noexcept
    : batch_(batch), first_only_(first_only), step_(attention_step(layer, batch, workers)) {}

bool AttentionSteps::next() noexcept {
  const auto& starts = batch_.starts;
  const std::size_t all = starts.back();
  if (rows_.last == all) return false;
  rows_ = {rows_.last, std::min(rows_.last + step_, all)};
  sequences_.first = sequences_.last;
  while (sequences_.last + 1 < starts.size() && starts[sequences_.last + 1] <= rows_.last) {
    ++sequences_.last;
  }
  added_ = first_only_ ? sequences_.size() : starts[sequences_.last] - starts[sequences_.first];
  waiting_ += added_ - results_.size();
  const std::size_t left_over = rows_.last < all ? waiting_ % kRowsReadTogether : 0;
  results_ = {results_.last, results_.last + waiting_ - left_over};
  return true;
}

bool in_bf16(Precision precision) noexcept {
  return precision != Precision::kF32 && attends_in_bf16();
}

void reserve(const EncoderWeights& weights, const Batch& batch, std::size_t workers,
             SharedStates& states) {
  if (weights.layers.empty()) return;
  const EncoderLayer& layer = weights.layers.front();
  const std::size_t all = batch.ids.size(), rows = most_rows(layer, batch, workers);
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
