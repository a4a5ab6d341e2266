#include "nn/activation_ranges.h"

#include "nn/encoder_weights.h"

namespace enlace {

ActivationRanges empty_ranges(const EncoderWeights& weights) {
  const auto range_of = [](const Linear& layer) {
    return ChannelRange{std::vector<float>(layer.in)};
  };
  ActivationRanges ranges;
  for (const EncoderLayer& layer : weights.layers) {
    ranges.push_back(
        {range_of(layer.qkv), range_of(layer.output), range_of(layer.up), range_of(layer.down)});
  }
  return ranges;
}

}  // namespace enlace
