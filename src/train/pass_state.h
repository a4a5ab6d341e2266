// What the parts of a pass share: the parameters of a step, its batch, and the tape.
#pragma once

#include <algorithm>
#include <vector>

#include "train/chunks.h"
#include "train/dropout_sites.h"
#include "train/packed_parameters.h"
#include "train/parameters.h"
#include "train/weight_gradients.h"

namespace enlace {

/// What backward needs of a layer, a row a slot.
template <class T>
struct LayerTape {
  Memory<T> x;        // (width) input
  Memory<T> qkv;      // (3 heads_width)
  Memory<T> context;  // (heads_width)
  Memory<T> middle;   // (width) after the first norm
  Memory<T> up;       // (padded F) before gelu
  Memory<T> centred1, centred2;
  Memory<float> rstd1, rstd2;
};

/// The scratch of one worker.
template <class T>
struct PassScratch {
  Buffer<float> x, y, wide;
  Buffer<T> narrow, rounded, wide_t, gradients;
  Buffer<float> attention;
};

/// T is what activations are kept in, float or Bf16. Chunks write slots of their own.
template <class T>
struct PassState {
  /// Keeps a reference.
  PassState(const ParameterLayout& of, bool tapes_made_again)
      : layout(of),
        recompute(tapes_made_again),
        inner(rounded_up(of.config.inner, kPanelWidth)),
        packed(of),
        weight_gradients(of),
        tapes(recompute ? 1 : of.config.layers),
        zeros(std::max({inner, of.heads_width, of.width})) {}

  LayerTape<T>& tape_of(std::size_t layer) noexcept { return tapes[recompute ? 0 : layer]; }

  /// Where a layer's input is kept to make the tape again.
  float* input_of(std::size_t layer, const Chunk& chunk) noexcept {
    return inputs.get() + (layer * (room + kMostBlockRows) + chunk.slot) * layout.width;
  }

  /// Memory for the slots of the batch. What is there already stays finite.
  void make_room() {
    if (batch.slots <= room) return;
    room = batch.slots;
    // Rows after the last are read, never used.
    const std::size_t rows = room + kMostBlockRows, width = layout.width;
    for (LayerTape<T>& tape : tapes) {
      tape.x = allocate<T>(rows * width);
      tape.qkv = allocate<T>(rows * 3 * layout.heads_width);
      tape.context = allocate<T>(rows * layout.heads_width);
      tape.middle = allocate<T>(rows * width);
      tape.up = allocate<T>(rows * inner);
      tape.centred1 = allocate<T>(rows * width);
      tape.centred2 = allocate<T>(rows * width);
      tape.rstd1 = allocate<float>(rows);
      tape.rstd2 = allocate<float>(rows);
    }
    if (recompute) inputs = allocate<float>(layout.config.layers * rows * width);
    embedded = allocate<T>(rows * width);
    embedded_rstd = allocate<float>(rows);
    gradient = allocate<float>(rows * width);
    weight_gradients.make_room(room);
  }

  const ParameterLayout& layout;
  bool recompute;     // one tape, which every layer writes anew
  std::size_t inner;  // padded(F)

  const float* parameters = nullptr;  // of this step
  PackedParameters<T> packed;
  WeightGradients<T> weight_gradients;

  ChunkedBatch batch;
  DropoutSites dropout;

  std::size_t room = 0;  // slots that there is memory for
  std::vector<LayerTape<T>> tapes;
  Memory<float> inputs;  // of all layers
  Memory<T> embedded;    // centred, before the gain
  Memory<float> embedded_rstd;
  Memory<float> gradient;    // at the states where backward is, (slots, width)
  std::vector<float> zeros;  // a bias for products that have none
};

}  // namespace enlace
