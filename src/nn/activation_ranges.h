// How far the inputs of an encoder's linear layers reach, channel by channel.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "math/matrix.h"

namespace enlace {

/// The greatest magnitude that each column of a layer's input took.
struct ChannelRange {
  std::vector<float> greatest;

  /// Widens the range by the rows of `x`, whose column 0 is channel `first`; columns beyond the
  /// last channel do not count.
  void see(MatrixView<const float> x, std::size_t first = 0) {
    const std::size_t columns = std::min(x.cols(), greatest.size() - first);
    for (std::size_t n = 0; n < x.rows(); ++n) {
      for (std::size_t c = 0; c < columns; ++c) {
        greatest[first + c] = std::max(greatest[first + c], std::fabs(x.row(n)[c]));
      }
    }
  }
};

/// The inputs of one encoder layer's four products.
struct LayerRanges {
  ChannelRange qkv, output, up, down;
};

/// One for each layer of the encoder.
using ActivationRanges = std::vector<LayerRanges>;

struct EncoderWeights;

/// Ranges for all layers of `weights` that have seen nothing.
ActivationRanges empty_ranges(const EncoderWeights& weights);

}  // namespace enlace
