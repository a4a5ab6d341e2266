#include "nn/encoder.h"

#include <algorithm>
#include <cassert>

#include "base/spin_barrier.h"
#include "math/kernels.h"
#include "nn/embedding.h"
#include "nn/encoder_chunks.h"

namespace enlace {
namespace {

/// Rows that a norm and what follows it take together: they stay in the first-level cache.
constexpr std::size_t kNormRows = 8;

Norm of(const LayerNorm& norm, const EncoderWeights& weights) noexcept {
  return {norm.gain, norm.bias, weights.config.epsilon};
}

/// x = norm(x + y) in some rows of x, whose first is row 0 of y, and the same rows of the input of
/// the product that follows, if one does.
void add_normalize(Norm norm, const States& y, const States& x, Range rows, LinearInput* next) {
  const auto add = [&](auto normalize, auto x_rows, auto y_rows, Range some) {
    normalize(x_rows.row(some.first).data(), x_rows.cols(),
              y_rows.row(some.first - rows.first).data(), y_rows.cols(), some.size(), norm,
              x_rows.cols());
  };
  for (std::size_t n = rows.first; n < rows.last; n += kNormRows) {
    const Range some{n, std::min(n + kNormRows, rows.last)};
    if (x.halves.rows() > 0) {
      add(kernels().add_normalize_halves, x.halves, y.halves, some);
    } else {
      add(kernels().add_normalize, x.floats, y.floats, some);
    }
    if (next != nullptr) next->prepare(some);
  }
}

/// Moves the first row of each of some sequences to the row of the sequence's number.
void keep_first(const Batch& batch, Range sequences, const States& x) {
  const auto keep = [&](auto rows) {
    for (std::size_t s = sequences.first; s < sequences.last && rows.rows() > 0; ++s) {
      std::ranges::copy(rows.row(batch.starts[s]), rows.row(s).begin());
    }
  };
  keep(x.halves);
  keep(x.floats);
}

/// Moves the rows from `first` on before all others.
template <class T>
void move_to_front(MatrixView<T> rows, std::size_t first) {
  std::copy(rows.data() + first * rows.cols(), rows.data() + rows.rows() * rows.cols(),
            rows.data());
}

/// The same values in f32.
MatrixView<const float> as_floats(const States& x, Buffer<float>& floats) {
  if (x.halves.rows() == 0) return x.floats;
  const auto result = floats.shape(x.rows(), x.cols());
  kernels().from_halves(x.halves.data(), x.rows() * x.cols(), result.data());
  return result;
}

/// One thread's part in a pass that several may share: of every product some panels, of attention
/// some heads. Each normalizes all rows for itself, so it has an x of its own; the rest is shared,
/// and nobody reads it before all have written, nor writes it before all have read.
class Pass {
 public:
  Pass(const EncoderWeights& weights, SharedStates& states, Workspace& own, EncoderStatistics* seen,
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
    States x = own_.x.shape(states_in_halves(weights_.precision), batch.ids.size(),
                            weights_.config.hidden);
    own_.qkv.reset(weights_.layers.front().qkv, x, weights_.layers.front().qkv.all_slices());
    embed(weights_, batch, x, own_.floats, own_.qkv);
    for (std::size_t layer = 0; layer < weights_.layers.size(); ++layer) {
      const bool last = layer + 1 == weights_.layers.size();
      x = attention(layer, batch, last && wanted == Wanted::kFirstTokens, x);
      feed_forward(layer, x);
    }
    return as_floats(x, own_.floats);
  }

 private:
  /// This thread's part of panels or heads.
  Range part_of(Range all) const noexcept {
    return {all.first + all.size() * worker_ / workers_,
            all.first + all.size() * (worker_ + 1) / workers_};
  }

  /// What is to be added to so many rows of x.
  States view_of_sums(std::size_t rows) const noexcept {
    const bool halves = states_in_halves(weights_.precision);
    return states_.y.view(halves, rows,
                          spread_states(halves, weights_.layers.front().output.out()));
  }

  void meet() {
    if (barrier_ != nullptr) barrier_->wait();
  }

  template <class Body>
  static void for_each_chunk(std::size_t rows, const Body& body) {
    for (std::size_t first = 0; first < rows; first += kChunkRows) {
      body(Range{first, std::min(first + kChunkRows, rows)});
    }
  }

  /// norm(x + output(attend(qkv(x)))), of the first tokens alone if `first_only`. Takes x from
  /// own_.qkv as well, and leaves the result in own_.up. Some rows after others, so that their
  /// queries, keys and values stay in the second-level cache.
  States attention(std::size_t number, const Batch& batch, bool first_only, const States& x) {
    const EncoderLayer& layer = weights_.layers[number];
    const States kept = x.slice(0, first_only ? batch.starts.size() - 1 : x.rows());
    if (seen_ != nullptr) (*seen_)[number].qkv.see(x.floats);
    own_.up.reset(layer.up, kept, layer.up.all_slices());
    AttentionSteps steps(layer, batch, first_only, workers_);
    while (steps.next()) {
      const auto context = states_.context.view(steps.waiting(), layer.output.in);
      const auto added = context.slice(context.rows() - steps.added(), context.rows());
      if (in_bf16(weights_.precision)) {
        attend_to(layer, batch, steps, first_only, states_.bf16_qkv, added);
      } else {
        attend_to(layer, batch, steps, first_only, states_.qkv, added);
      }
      if (seen_ != nullptr) (*seen_)[number].output.see(added);
      if (first_only) keep_first(batch, steps.sequences(), x);
      finish_attention(layer, steps.results(), context, x);
    }
    return kept;
  }

  /// The contexts of the sequences that a step completes. `memory`: of queries, keys and values.
  template <class T>
  void attend_to(const EncoderLayer& layer, const Batch& batch, const AttentionSteps& steps,
                 bool first_only, const Buffer<T>& memory, MatrixView<float> context) {
    const Range rows = steps.rows(), sequences = steps.sequences();
    const std::size_t first = batch.starts[sequences.first];
    const auto qkv = memory.view(rows.last - first, spread<T>(layer.qkv.out()));
    const auto made = qkv.slice(rows.first - first, qkv.rows());
    const Range panels = part_of(layer.qkv.all_panels());
    if constexpr (sizeof(T) == sizeof(Bf16)) {
      multiply(own_.qkv, rows, panels, own_.linear, made);
    } else {
      multiply(own_.qkv, rows, panels, Start::kBias, own_.linear, {made, {}});
    }
    meet();
    const Starts starts = batch.starts.subspan(sequences.first, sequences.size() + 1);
    attend(MatrixView<const T>(qkv), starts, first_only, own_heads(), own_.attention, context);
    meet();
    move_to_front(qkv, batch.starts[sequences.last] - first);
  }

  /// x = norm(x + output(context)) in the rows `rows`, whose contexts are the first ones.
  void finish_attention(const EncoderLayer& layer, Range rows, MatrixView<float> context,
                        const States& x) {
    const States y = view_of_sums(rows.size());
    own_.output.reset(layer.output, {context.slice(0, rows.size()), {}}, layer.output.all_slices());
    own_.output.prepare({0, rows.size()});
    multiply(own_.output, {0, rows.size()}, part_of(layer.output.all_panels()), Start::kBias,
             own_.linear, y);
    meet();
    add_normalize(of(layer.attention_norm, weights_), y, x, rows, &own_.up);
    move_to_front(context, rows.size());
  }

  /// This thread's heads.
  Heads own_heads() const noexcept {
    const ModelConfig& config = weights_.config;
    const Range own = part_of({0, config.heads});
    return {config.heads, config.hidden / config.heads, own.first, own.last};
  }

  /// x = norm(x + down(gelu(up(x)))). Takes x from own_.up as well, and leaves the result in
  /// own_.qkv for the next layer. Some slices of the inner width after others, each group of them
  /// for one chunk of rows after another. In int8, whose products are of one slice, a thread alone
  /// takes those of a group one by one, so that less of what is between up and down is in its
  /// cache.
  void feed_forward(std::size_t number, const States& x) {
    const EncoderLayer& layer = weights_.layers[number];
    const std::size_t all = layer.down.slices();
    const std::size_t together = slices_together(layer);
    const bool one_by_one = workers_ == 1 && weights_.precision == Precision::kInt8;
    const std::size_t step = one_by_one ? 1 : together;
    const bool chunk_alone = at_once(layer);
    const States y = view_of_sums(chunk_alone ? std::min(x.rows(), kChunkRows) : x.rows());
    if (seen_ != nullptr) (*seen_)[number].up.see(x.floats);
    const bool next = number + 1 < weights_.layers.size();
    if (next) {
      const Linear& qkv = weights_.layers[number + 1].qkv;
      own_.qkv.reset(qkv, x, qkv.all_slices());
    }
    for (std::size_t first = 0; first < all; first += together) {
      const Range slices{first, std::min(first + together, all)};
      for_each_chunk(x.rows(), [&](Range chunk) {
        const std::size_t row = chunk_alone ? 0 : chunk.first;
        const States of_chunk = y.slice(row, row + chunk.size());
        for (std::size_t slice = first; slice < slices.last; slice += step) {
          add_slices(number, {slice, std::min(slice + step, slices.last)}, chunk, of_chunk);
        }
        if (slices.last < all) return;
        add_normalize(of(layer.feed_forward_norm, weights_), of_chunk, x, chunk,
                      next ? &own_.qkv : nullptr);
      });
    }
  }

  /// Of down(gelu(up(x))) for the rows `rows`, the part that goes through some slices of the inner
  /// width, added to y; the first slices begin it.
  void add_slices(std::size_t number, Range slices, Range rows, const States& y) {
    const EncoderLayer& layer = weights_.layers[number];
    constexpr std::size_t kPanels = kSliceDepth / kPanelWidth;
    const Range panels{slices.first * kPanels, std::min(slices.last * kPanels, layer.up.panels)};
    const bool halves = inner_in_halves(weights_.precision);
    const States inner =
        states_.inner.view(halves, rows.size(), spread_states(halves, panels.size() * kPanelWidth));
    multiply_gelu(own_.up, rows, part_of(panels), panels.first, own_.linear, inner);
    meet();
    if (seen_ != nullptr) (*seen_)[number].down.see(inner.floats, slices.first * kSliceDepth);
    own_.down.reset(layer.down, inner, slices);
    own_.down.prepare({0, rows.size()});
    multiply(own_.down, {0, rows.size()}, part_of(layer.down.all_panels()),
             slices.first == 0 ? Start::kBias : Start::kSum, own_.linear, y);
    meet();
  }

  const EncoderWeights& weights_;
  SharedStates& states_;
  Workspace& own_;
  EncoderStatistics* seen_;
  std::size_t worker_, workers_;
  SpinBarrier* barrier_;
};

}  // namespace

MatrixView<const float> forward(const EncoderWeights& weights, const Batch& batch, Wanted wanted,
                                Workspace& workspace, EncoderStatistics* seen) {
  assert(batch.starts.front() == 0 && batch.starts.back() == batch.ids.size());
  assert(seen == nullptr || weights.precision == Precision::kF32);
  reserve(weights, batch, 1, workspace.states);
  return Pass(weights, workspace.states, workspace, seen, 0, 1, nullptr).run(batch, wanted);
}

std::optional<MatrixView<const float>> forward_together(const EncoderWeights& weights,
                                                        const Batch& batch, Wanted wanted,
                                                        Crew& crew,
                                                        std::span<Workspace> workspaces) {
  assert(workspaces.size() == crew.size());
  SharedStates& states = workspaces.front().states;
  reserve(weights, batch, crew.size(), states);
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

}  // namespace enlace
