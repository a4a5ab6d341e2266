// One layer of an encoder, forward and backward, for one chunk of a batch. Both need a ProductScope
// and are thread-safe for different chunks.
#pragma once

#include "train/pass_state.h"

namespace enlace {

/// Rows that go through a feed-forward part together.
inline constexpr std::size_t kFeedRows = 64;

/// The sums over rows that the biases and norms of a layer take as gradients.
enum class RowSum : std::size_t {
  kQkvBias,
  kOutputBias,
  kAttentionGain,
  kAttentionShift,
  kUpBias,
  kDownBias,
  kFeedForwardGain,
  kFeedForwardShift,
};

/// Where one of them lies.
struct RowSumPlace {
  std::size_t at;     // in the array of parameters
  std::size_t width;  // of its values
  std::size_t part;   // in a chunk's sums
};

/// All of them in the order of RowSum, and how many floats a chunk has for them.
struct RowSums {
  std::vector<RowSumPlace> places;
  std::size_t size = 0;

  std::size_t part(RowSum sum) const noexcept { return places[std::size_t(sum)].part; }
};

RowSums row_sums_of(const ParameterLayout& layout, const LayerPlaces& layer);

/// Takes the states x (rows, width) through layer `layer`. The rounded x is on its tape already;
/// that of the next layer is put there, unless tapes are made again.
template <class T>
void forward_layer(PassState<T>& state, std::size_t layer, const Chunk& chunk, PassScratch<T>& own,
                   float* x);

/// From the gradient at the layer's result to that at its input, in state.gradient. Keeps what the
/// gradients of weights need, and leaves those of biases and norms in `sums`, placed as in
/// `places`.
template <class T>
void backward_layer(PassState<T>& state, std::size_t layer, const Chunk& chunk,
                    const RowSums& places, float* sums, PassScratch<T>& own);

}  // namespace enlace
