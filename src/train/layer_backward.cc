#include "train/layer_heads.h"
#include "train/layer_pass.h"

namespace enlace {
namespace {

template <class T>
void clear_empty(const Chunk& chunk, T* values, std::size_t width) noexcept {
  std::fill(values + chunk.rows * width, values + chunk.slots() * width, T{});
}

template <class T>
void add_rows(const T* values, std::size_t rows, std::size_t stride, std::size_t width,
              float* sums) noexcept {
  for (std::size_t row = 0; row < rows; ++row) {
    train_kernels<T>().add_to_sums(values + row * stride, width, sums);
  }
}

/// One chunk on its way back through one layer.
template <class T>
class LayerBackward {
 public:
  LayerBackward(PassState<T>& state, std::size_t layer, const Chunk& chunk, const RowSums& places,
                float* sums, PassScratch<T>& own)
      : state_(state),
        layer_(layer),
        chunk_(chunk),
        place_(state.layout.layers[layer]),
        tape_(state.tape_of(layer)),
        places_(places),
        sums_(sums),
        own_(own),
        width_(state.layout.width),
        hidden_(state.layout.config.hidden),
        gradient_(state.gradient.get() + chunk.slot * width_) {
    std::fill_n(sums, places.size, 0.0F);
  }

  void feed_forward() {
    norm(tape_.centred2.get(), tape_.rstd2.get(), place_.feed_forward_norm,
         RowSum::kFeedForwardGain, RowSum::kFeedForwardShift);
    const T* dy = rounded([&](std::size_t row) { return state_.dropout.fed(layer_, row); });
    add_rows(dy, chunk_.rows, width_, hidden_, sum(RowSum::kDownBias));
    const std::size_t inner_width = state_.inner;
    T* du = own_.wide_t.shape(chunk_.slots() + kMostBlockRows, inner_width).data();
    T* inner = own_.narrow.shape(chunk_.slots(), inner_width).data();
    float* wide = own_.wide.shape(kFeedRows + kMostBlockRows, inner_width).data();
    clear_empty(chunk_, du, inner_width);
    clear_empty(chunk_, inner, inner_width);
    for (std::size_t first = 0; first < chunk_.rows; first += kFeedRows) {
      const std::size_t rows = std::min(kFeedRows, chunk_.rows - first);
      multiply_all<T>({dy + first * width_, width_, rows},
                      state_.packed.backward(layer_, LayerPart::kDown), no_bias(), wide,
                      inner_width);
      train_kernels<T>().gelu_gradient(tape_.up.get() + (chunk_.slot + first) * inner_width, wide,
                                       rows * inner_width, du + first * inner_width,
                                       inner + first * inner_width);
    }
    keep(LayerPart::kDown, dy, width_, inner, inner_width);
    keep(LayerPart::kUp, du, inner_width, tape_.middle.get() + chunk_.slot * width_, width_);
    add_rows(du, chunk_.rows, inner_width, state_.layout.config.inner, sum(RowSum::kUpBias));
    add_product(LayerPart::kUp, du, inner_width);
  }

  void attention() {
    norm(tape_.centred1.get(), tape_.rstd1.get(), place_.attention_norm, RowSum::kAttentionGain,
         RowSum::kAttentionShift);
    const T* dy = rounded([&](std::size_t row) { return state_.dropout.attended(layer_, row); });
    add_rows(dy, chunk_.rows, width_, hidden_, sum(RowSum::kOutputBias));
    const std::size_t heads = state_.layout.heads_width, three = 3 * heads;
    keep(LayerPart::kOutput, dy, width_, tape_.context.get() + chunk_.slot * heads, heads);
    float* dcontext = own_.wide.shape(chunk_.slots() + kMostBlockRows, heads).data();
    multiply_all<T>({dy, width_, chunk_.rows}, state_.packed.backward(layer_, LayerPart::kOutput),
                    no_bias(), dcontext, heads);
    T* dqkv = own_.gradients.shape(chunk_.slots() + kMostBlockRows, three).data();
    clear_empty(chunk_, dqkv, three);
    for_each_head(state_, layer_, chunk_, own_,
                  [&](const TrainedHead<T>& head, std::size_t row, std::size_t column) {
                    T* to = dqkv + row * three + column;
                    train_kernels<T>().attend_gradient(head, dcontext + row * heads + column, heads,
                                                       {to, to + heads, to + 2 * heads, three});
                  });
    add_rows(dqkv, chunk_.rows, three, three, sum(RowSum::kQkvBias));
    keep(LayerPart::kQkv, dqkv, three, tape_.x.get() + chunk_.slot * width_, width_);
    add_product(LayerPart::kQkv, dqkv, three);
  }

 private:
  float* sum(RowSum which) const noexcept { return sums_ + places_.part(which); }
  Base no_bias() const noexcept { return {state_.zeros.data(), 0}; }

  /// The gradient before a norm from that after it.
  void norm(const T* centred, const float* rstd, const NormPlace& norm, RowSum gain, RowSum shift) {
    for (std::size_t row = 0; row < chunk_.rows; ++row) {
      const std::size_t at = chunk_.slot + row;
      train_kernels<T>().normalize_gradient(centred + at * width_, rstd[at],
                                            state_.parameters + norm.gain, hidden_,
                                            gradient_ + row * width_, sum(gain), sum(shift));
    }
  }

  /// The gradient after dropout, rounded, as the side of products; empty slots are zeros.
  template <class DropoutOf>
  T* rounded(const DropoutOf& dropout_of) {
    T* to = own_.rounded.shape(chunk_.slots() + kMostBlockRows, width_).data();
    float* dropped = own_.y.shape(1, width_).data();
    for (std::size_t row = 0; row < chunk_.rows; ++row) {
      std::copy_n(gradient_ + row * width_, width_, dropped);
      drop_row(dropped, hidden_, dropout_of(chunk_.first_row + row));
      train_kernels<T>().round(dropped, width_, to + row * width_);
    }
    clear_empty(chunk_, to, width_);
    return to;
  }

  void keep(LayerPart part, const T* gradient, std::size_t gradient_stride, const T* input,
            std::size_t input_stride) noexcept {
    state_.weight_gradients.keep(part, chunk_.slot, chunk_.slots(),
                                 {gradient, gradient_stride, chunk_.slots()},
                                 {input, input_stride, chunk_.slots()});
  }

  /// Adds to the gradient what comes back through a matrix.
  void add_product(LayerPart part, const T* from, std::size_t stride) noexcept {
    multiply_all<T>({from, stride, chunk_.rows}, state_.packed.backward(layer_, part),
                    {gradient_, width_}, gradient_, width_);
  }

  PassState<T>& state_;
  std::size_t layer_;
  const Chunk& chunk_;
  const LayerPlaces& place_;
  LayerTape<T>& tape_;
  const RowSums& places_;
  float* sums_;
  PassScratch<T>& own_;
  std::size_t width_, hidden_;
  float* gradient_;  // of this chunk
};

}  // namespace

RowSums row_sums_of(const ParameterLayout& layout, const LayerPlaces& layer) {
  RowSums sums;
  const auto add = [&](std::size_t at, std::size_t width) {
    sums.places.push_back({at, width, sums.size});
    sums.size += rounded_up(width, kPanelWidth);
  };
  add(layer.qkv.bias, layer.qkv.out);
  add(layer.output.bias, layer.output.out);
  add(layer.attention_norm.gain, layout.width);
  add(layer.attention_norm.shift, layout.width);
  add(layer.up.bias, layer.up.out);
  add(layer.down.bias, layer.down.out);
  add(layer.feed_forward_norm.gain, layout.width);
  add(layer.feed_forward_norm.shift, layout.width);
  return sums;
}

template <class T>
void backward_layer(PassState<T>& state, std::size_t layer, const Chunk& chunk,
                    const RowSums& places, float* sums, PassScratch<T>& own) {
  if (state.recompute) {
    const std::size_t count = chunk.rows * state.layout.width;
    float* x = own.x.shape(chunk.slots() + kMostBlockRows, state.layout.width).data();
    std::copy_n(state.input_of(layer, chunk), count, x);
    train_kernels<T>().round(x, count,
                             state.tape_of(layer).x.get() + chunk.slot * state.layout.width);
    forward_layer(state, layer, chunk, own, x);
  }
  LayerBackward<T> back(state, layer, chunk, places, sums, own);
  back.feed_forward();
  back.attention();
}

template void backward_layer(PassState<float>&, std::size_t, const Chunk&, const RowSums&, float*,
                             PassScratch<float>&);
template void backward_layer(PassState<Bf16>&, std::size_t, const Chunk&, const RowSums&, float*,
                             PassScratch<Bf16>&);

}  // namespace enlace
