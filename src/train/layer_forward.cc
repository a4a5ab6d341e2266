#include "train/layer_heads.h"
#include "train/layer_pass.h"

namespace enlace {

template <class T>
void forward_layer(PassState<T>& state, std::size_t layer, const Chunk& chunk, PassScratch<T>& own,
                   float* x) {
  const ParameterLayout& layout = state.layout;
  const LayerPlaces& place = layout.layers[layer];
  const float* parameters = state.parameters;
  LayerTape<T>& tape = state.tape_of(layer);
  const TrainKernels<T>& run = train_kernels<T>();
  const std::size_t width = layout.width, hidden = layout.config.hidden, slot = chunk.slot;
  const std::size_t heads = layout.heads_width, inner_width = state.inner;

  T* qkv = tape.qkv.get() + slot * 3 * heads;
  multiply_all<T>({tape.x.get() + slot * width, width, chunk.rows},
                  state.packed.forward(layer, LayerPart::kQkv), {parameters + place.qkv.bias, 0},
                  qkv, 3 * heads);
  for_each_head(state, layer, chunk, own,
                [&](const TrainedHead<T>& head, std::size_t row, std::size_t column) {
                  run.attend(head, tape.context.get() + (slot + row) * heads + column, heads);
                });
  float* y = own.y.shape(chunk.slots() + kMostBlockRows, width).data();
  multiply_all<T>({tape.context.get() + slot * heads, heads, chunk.rows},
                  state.packed.forward(layer, LayerPart::kOutput),
                  {parameters + place.output.bias, 0}, y, width);
  for (std::size_t row = 0; row < chunk.rows; ++row) {
    const std::size_t at = slot + row;
    drop_row(y + row * width, hidden, state.dropout.attended(layer, chunk.first_row + row));
    tape.rstd1[at] =
        run.add_normalize(x + row * width, y + row * width, parameters + place.attention_norm.gain,
                          parameters + place.attention_norm.shift, layout.config.epsilon, hidden,
                          tape.centred1.get() + at * width, tape.middle.get() + at * width);
  }

  T* inner = own.narrow.shape(kFeedRows + kMostBlockRows, inner_width).data();
  for (std::size_t first = 0; first < chunk.rows; first += kFeedRows) {
    const std::size_t rows = std::min(kFeedRows, chunk.rows - first);
    T* up = tape.up.get() + (slot + first) * inner_width;
    multiply_all<T>({tape.middle.get() + (slot + first) * width, width, rows},
                    state.packed.forward(layer, LayerPart::kUp), {parameters + place.up.bias, 0},
                    up, inner_width);
    run.gelu(up, rows * inner_width, inner);
    multiply_all<T>({inner, inner_width, rows}, state.packed.forward(layer, LayerPart::kDown),
                    {parameters + place.down.bias, 0}, y + first * width, width);
  }
  const bool next = layer + 1 < layout.config.layers && !state.recompute;
  T* unused = own.rounded.shape(1, width).data();
  for (std::size_t row = 0; row < chunk.rows; ++row) {
    const std::size_t at = slot + row;
    drop_row(y + row * width, hidden, state.dropout.fed(layer, chunk.first_row + row));
    tape.rstd2[at] = run.add_normalize(
        x + row * width, y + row * width, parameters + place.feed_forward_norm.gain,
        parameters + place.feed_forward_norm.shift, layout.config.epsilon, hidden,
        tape.centred2.get() + at * width,
        next ? state.tape_of(layer + 1).x.get() + at * width : unused);
  }
}

template void forward_layer(PassState<float>&, std::size_t, const Chunk&, PassScratch<float>&,
                            float*);
template void forward_layer(PassState<Bf16>&, std::size_t, const Chunk&, PassScratch<Bf16>&,
                            float*);

}  // namespace enlace
