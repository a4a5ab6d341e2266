// What the inputs of an encoder's linear layers are like: what int8 is calibrated with.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "math/matrix.h"
#include "nn/rounding.h"

namespace enlace {

/// Of one layer's input, over all rows x seen.
struct InputStatistics {
  std::vector<float> greatest;  // (in) the greatest magnitude of each channel
  // (slices, kSliceDepth, kSliceDepth) by slice of nn/linear.h the sums of x_k x_l for l <= k.
  std::vector<float> products;

  explicit InputStatistics(std::size_t channels);

  /// Adds the rows of `x`, whose column 0 is channel `first`, the first of a slice; columns beyond
  /// the last channel do not count. Cost: O(N in kSliceDepth). The same on every machine.
  void see(MatrixView<const float> x, std::size_t first = 0);
};

/// How to round the weights of the channels from `first` on, the first of a slice, whose inputs are
/// multiplied with `scale`: every weight by itself if `inputs` is null. As spread_rounding() else.
RoundingPlan rounding_of_slice(const InputStatistics* inputs, std::size_t first,
                               std::span<const float> scale);

/// The inputs of one encoder layer's four products.
struct LayerStatistics {
  InputStatistics qkv, output, up, down;
};

/// One for each layer of the encoder.
using EncoderStatistics = std::vector<LayerStatistics>;

struct EncoderWeights;

/// Statistics for all layers of `weights` that have seen nothing.
EncoderStatistics empty_statistics(const EncoderWeights& weights);

}  // namespace enlace
