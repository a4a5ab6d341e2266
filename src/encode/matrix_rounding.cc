#include "encode/matrix_rounding.h"

#include <algorithm>
#include <charconv>

#include "nn/linear.h"

namespace enlace {
namespace {

struct Place {
  std::string_view ending;
  InputStatistics LayerStatistics::*inputs;
};

// "attention.output.dense" before "output.dense", which it ends with.
constexpr Place kPlaces[] = {
    {"attention.self.query.weight", &LayerStatistics::qkv},
    {"attention.self.key.weight", &LayerStatistics::qkv},
    {"attention.self.value.weight", &LayerStatistics::qkv},
    {"attention.output.dense.weight", &LayerStatistics::output},
    {"intermediate.dense.weight", &LayerStatistics::up},
    {"output.dense.weight", &LayerStatistics::down},
};

/// The inputs of the matrix "encoder.layer.N.…", or null.
const InputStatistics* inputs_of(std::string_view name, const EncoderStatistics& inputs) {
  constexpr std::string_view kLayer = "encoder.layer.";
  if (!name.starts_with(kLayer)) return nullptr;
  name.remove_prefix(kLayer.size());
  std::size_t layer = inputs.size();
  std::from_chars(name.data(), name.data() + name.size(), layer);
  if (layer >= inputs.size()) return nullptr;
  const auto* place =
      std::ranges::find_if(kPlaces, [&](const Place& each) { return name.ends_with(each.ending); });
  return place != std::end(kPlaces) ? &(inputs[layer].*place->inputs) : nullptr;
}

}  // namespace

std::vector<RoundingPlan> matrix_rounding(std::string_view name, std::size_t width,
                                          const EncoderStatistics* inputs) {
  const InputStatistics* seen = inputs != nullptr ? inputs_of(name, *inputs) : nullptr;
  // Heads may be padded in what was seen (nn/encoder_weights.h): its channels are others then.
  if (seen != nullptr && seen->greatest.size() != width) seen = nullptr;
  std::vector<RoundingPlan> plans;
  for (std::size_t first = 0; first < width; first += kSliceDepth) {
    const std::vector<float> scale(std::min(kSliceDepth, width - first), 1);
    plans.push_back(rounding_of_slice(seen, first, scale));
  }
  return plans;
}

}  // namespace enlace
