// The matrices of an encoder as panels, for products in both directions.
#pragma once

#include <vector>

#include "base/workers.h"
#include "train/parameters.h"
#include "train/products.h"

namespace enlace {

/// The matrices of a layer.
enum class LayerPart : std::size_t { kQkv, kOutput, kUp, kDown };
inline constexpr std::size_t kLayerParts = 4;

inline const DensePlace& place_of(const LayerPlaces& layer, LayerPart part) noexcept {
  switch (part) {
    case LayerPart::kQkv: return layer.qkv;
    case LayerPart::kOutput: return layer.output;
    case LayerPart::kUp: return layer.up;
    case LayerPart::kDown: break;
  }
  return layer.down;
}

/// Made anew at every step, since the parameters change.
template <class T>
class PackedParameters {
 public:
  /// Keeps a reference.
  explicit PackedParameters(const ParameterLayout& layout)
      : layout_(layout), packed_(layout.layers.size() * kLayerParts) {}

  void load(const float* parameters, Workers& workers) {
    workers.for_each(packed_.size(), [&](std::size_t, std::size_t item) {
      pack(parameters, place(item / kLayerParts, LayerPart(item % kLayerParts)), packed_[item]);
    });
  }

  /// W as the panels of x W^T, which forward takes, and of dy W, which backward takes.
  ProductPanels<T> forward(std::size_t layer, LayerPart part) const noexcept {
    const DensePlace& at = place(layer, part);
    return {packed(layer, part).forward.get(), at.stride * kPanelWidth,
            rounded_up(at.out, kPanelWidth) / kPanelWidth, at.stride};
  }
  ProductPanels<T> backward(std::size_t layer, LayerPart part) const noexcept {
    const DensePlace& at = place(layer, part);
    const std::size_t out = rounded_up(at.out, kPanelWidth);
    return {packed(layer, part).backward.get(), out * kPanelWidth, at.stride / kPanelWidth, out};
  }

 private:
  struct Panels {
    Memory<T> forward, backward;
  };

  const DensePlace& place(std::size_t layer, LayerPart part) const noexcept {
    return place_of(layout_.layers[layer], part);
  }
  const Panels& packed(std::size_t layer, LayerPart part) const noexcept {
    return packed_[layer * kLayerParts + std::size_t(part)];
  }

  static void pack(const float* parameters, const DensePlace& from, Panels& to) {
    const TrainKernels<T>& run = train_kernels<T>();
    const std::size_t out = rounded_up(from.out, kPanelWidth), in = from.stride;
    if (!to.forward) {
      to.forward = allocate<T>(out * in);
      to.backward = allocate<T>(out * in);
    }
    const auto rows = allocate<T>(kPanelWidth * in);
    for (std::size_t row = 0; row < out; row += kPanelWidth) {
      run.round(parameters + from.weight + row * in, kPanelWidth * in, rows.get());
      run.pack_columns(rows.get(), in, kPanelWidth, in, to.forward.get() + row * in);
      run.pack_depth(rows.get(), in, kPanelWidth, in, to.backward.get() + row * kPanelWidth,
                     out * kPanelWidth);
    }
  }

  const ParameterLayout& layout_;
  std::vector<Panels> packed_;  // kLayerParts a layer
};

}  // namespace enlace
