// The gradients of the weights of one layer, as products over all tokens of a batch.
//
// dW (out, in) = dy^T (out, slots) x (slots, in): chunks put their columns of dy^T and their depth
// of x where they belong, then every worker takes some rows of some dW.
#pragma once

#include <algorithm>
#include <vector>

#include "train/chunks.h"
#include "train/packed_parameters.h"

namespace enlace {

template <class T>
class WeightGradients {
 public:
  /// Keeps a reference. All layers have the same sizes.
  explicit WeightGradients(const ParameterLayout& layout) : layout_(layout) {}

  /// Memory for so many slots, a multiple of kSlotUnit.
  void make_room(std::size_t slots) {
    // Rows an odd number of cache lines apart do not crowd into few sets of a cache.
    depth_ = (slots / kSlotUnit | 1) * kSlotUnit;
    for (std::size_t part = 0; part < kLayerParts; ++part) {
      const DensePlace& place = place_of(layout_.layers.front(), LayerPart(part));
      sides_[part].gradient = allocate<T>(rounded_up(place.out, kPanelWidth) * depth_);
      sides_[part].input = allocate<T>(place.stride * depth_);
    }
  }

  /// Keeps both sides of a part's gradient over the slots [slot, slot + slots), of which those
  /// without a token are zeros in `gradient`. Thread-safe for different slots.
  void keep(LayerPart part, std::size_t slot, std::size_t slots, ProductRows<T> gradient,
            ProductRows<T> input) noexcept {
    const DensePlace& place = place_of(layout_.layers.front(), part);
    const TrainKernels<T>& run = train_kernels<T>();
    Sides& to = sides_[std::size_t(part)];
    run.transpose(gradient.values, gradient.stride, slots, rounded_up(place.out, kPanelWidth),
                  to.gradient.get() + slot, depth_);
    run.pack_depth(input.values, input.stride, slots, place.stride,
                   to.input.get() + slot * kPanelWidth, depth_ * kPanelWidth);
  }

  /// Adds the gradients of all parts over the first `slots` slots to `gradients`, at the places of
  /// `layer`. `also` is called once, by one of the workers.
  template <class Also>
  void add(std::size_t layer, std::size_t slots, float* gradients, Workers& workers,
           const Also& also) const {
    std::vector<Item> items;
    for (const LayerPart part :
         {LayerPart::kDown, LayerPart::kUp, LayerPart::kQkv, LayerPart::kOutput}) {
      const std::size_t out = rounded_up(place_of(layout_.layers[layer], part).out, kPanelWidth);
      for (std::size_t first = 0; first < out; first += kRowsAtOnce) {
        items.push_back({part, first, std::min(kRowsAtOnce, out - first)});
      }
    }
    workers.for_each(items.size() + 1, [&](std::size_t, std::size_t number) {
      if (number == items.size()) {
        also();
      } else {
        add(items[number], place_of(layout_.layers[layer], items[number].part), slots, gradients);
      }
    });
  }

 private:
  static constexpr std::size_t kDepthAtOnce = 512;  // slots that are summed before others
  static constexpr std::size_t kRowsAtOnce = 256;   // of a weight, by one worker

  struct Sides {
    Memory<T> gradient;  // dy^T (out, depth_)
    Memory<T> input;     // x as panels of its columns, depth_ deep
  };
  struct Item {
    LayerPart part;
    std::size_t first, rows;
  };

  void add(const Item& item, const DensePlace& place, std::size_t slots, float* gradients) const {
    const ProductScope scope;
    const Sides& from = sides_[std::size_t(item.part)];
    float* to = gradients + place.weight + item.first * place.stride;
    for (std::size_t slot = 0; slot < slots; slot += kDepthAtOnce) {
      const std::size_t depth = std::min(kDepthAtOnce, slots - slot);
      multiply_all<T>({from.gradient.get() + item.first * depth_ + slot, depth_, item.rows},
                      {from.input.get() + slot * kPanelWidth, depth_ * kPanelWidth,
                       place.stride / kPanelWidth, depth},
                      {to, place.stride}, to, place.stride);
    }
  }

  const ParameterLayout& layout_;
  std::size_t depth_ = 0;
  Sides sides_[kLayerParts];
};

}  // namespace enlace
