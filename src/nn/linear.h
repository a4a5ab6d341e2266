// A linear layer in any precision: y = x W^T + b.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/buffer.h"
#include "math/kernels.h"
#include "math/packed_matrix.h"
#include "nn/precision.h"

namespace enlace {

/// Channels that are quantised together in int8.
inline constexpr std::size_t kSliceDepth = 384;

/// The parts of a layer, which lie in a block of the encoder's weights (nn/encoder_weights.h).
///
/// In int8 the depth is cut into slices of kSliceDepth channels, each quantised by itself:
/// y = bias_j + sum over slices s of step_is scale_sj (sum over k in s of (u_ik - zero_is) q_jk),
/// where u are the bytes of quantize(x, input_scale) and q those of W / input_scale: what is taken
/// from the activations of a channel with a wide range is given to its weights (Xiao et al. 2023,
/// SmoothQuant, arXiv:2211.10438).
struct Linear {
  Precision precision = Precision::kF32;
  std::size_t in = 0;      // columns of x
  std::size_t panels = 0;  // kPanelWidth columns of y each
  // (panels, packed_depth(in), kPanelWidth) as math/packed_matrix.h; in int8 slice after slice.
  const void* weight = nullptr;
  const float* bias = nullptr;               // (panels kPanelWidth)
  const float* input_scale = nullptr;        // (in), only in int8
  const float* scale = nullptr;              // (slices, panels kPanelWidth), only in int8
  const std::int32_t* column_sum = nullptr;  // likewise: the sums of q

  std::size_t out() const noexcept { return panels * kPanelWidth; }
  std::size_t slices() const noexcept { return (in + kSliceDepth - 1) / kSliceDepth; }
};

enum class Activation { kNone, kGelu };

/// Scratch that one thread reuses from product to product.
struct LinearWorkspace {
  Buffer<Bf16> halves;
  Buffer<std::uint8_t> bytes;
  Buffer<float> steps;
  Buffer<std::int32_t> zeros, sums;
};

/// Columns [first, last) kPanelWidth of y (N, >= layer.out()) = activation(x (N, >= layer.in) W^T +
/// b). Requires last <= layer.panels and a ProductScope on this thread. A row of y depends on its
/// row of x alone. Does not throw, except std::bad_alloc.
void apply(const Linear& layer, MatrixView<const float> x, Activation activation,
           LinearWorkspace& workspace, MatrixView<float> y, std::size_t first, std::size_t last);

/// All columns.
inline void apply(const Linear& layer, MatrixView<const float> x, Activation activation,
                  LinearWorkspace& workspace, MatrixView<float> y) {
  apply(layer, x, activation, workspace, y, 0, layer.panels);
}

}  // namespace enlace
