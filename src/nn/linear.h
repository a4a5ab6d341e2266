// A linear layer in any precision: y = x W^T + b.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/buffer.h"
#include "math/kernels.h"
#include "math/packed_matrix.h"
#include "nn/precision.h"

namespace enlace {

/// Channels whose part of a product is computed together; in int8, that are quantised together.
inline constexpr std::size_t kSliceDepth = 384;

/// [first, last), of rows, slices or panels.
struct Range {
  std::size_t first, last;

  std::size_t size() const noexcept { return last - first; }
};

/// The parts of a layer, which lie in a block of the encoder's weights (nn/encoder_weights.h).
///
/// The depth is cut into slices of kSliceDepth channels. In int8 each is quantised by itself:
/// y = bias_j + sum over slices s of scale_sj (sum over k in s of (step_is u_ik - shift_is) q_jk),
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
  Range all_slices() const noexcept { return {0, slices()}; }
  Range all_panels() const noexcept { return {0, panels}; }
  std::size_t weight_bytes() const noexcept;
};

/// Rows between products: f32, or 16 bits a value, which are binary16 in int8 and bf16 in bf16. The
/// other view is empty.
struct States {
  MatrixView<float> floats;
  MatrixView<Half> halves;

  std::size_t rows() const noexcept { return floats.rows() + halves.rows(); }
  std::size_t cols() const noexcept { return floats.cols() + halves.cols(); }
  /// The rows [first, last).
  States slice(std::size_t first, std::size_t last) const noexcept;
};

/// The memory of States.
struct StatesBuffer {
  Buffer<float> floats;
  Buffer<Half> halves;

  /// (rows, cols) with unspecified content; ends the views given before.
  States shape(bool in_halves, std::size_t rows, std::size_t cols);
  /// The same without growing.
  States view(bool in_halves, std::size_t rows, std::size_t cols) const noexcept;
};

/// Rows of x as the products of a layer take them: f32 or bf16, or bytes with a step and a shift
/// for each row of each slice.
class LinearInput {
 public:
  /// Room for the slices `slices` of x (N, any), whose first column is that of the first of them.
  /// Nothing is prepared yet. Keeps the layer and the view of x until the next reset.
  void reset(const Linear& layer, const States& x, Range slices);

  /// Takes over the rows `rows` of x as they are now.
  void prepare(Range rows);

 private:
  friend class Multiplication;
  void make_room_for_bytes();
  MatrixView<const Bf16> halves() const noexcept;  // only in bf16

  const Linear* layer_ = nullptr;
  std::size_t rows_ = 0;
  Range slices_{};
  States x_;
  Buffer<Half> halves_;         // (N, packed depth of the slices)
  Buffer<std::uint8_t> bytes_;  // (slices, N, kSliceDepth)
  Buffer<float> steps_;         // (slices, N)
  Buffer<float> shifts_;        // likewise
};

/// Scratch that one thread reuses from product to product.
struct LinearWorkspace {
  Buffer<Half> part;  // of a product, from some slices
};

enum class Start { kBias, kSum };

/// The panels `panels` of y (rows, >= layer.out()) = b + x W^T, or y + x W^T, for the prepared rows
/// `rows` and the slices that the input has; in halves only in int8. Requires a ProductScope on
/// this thread. A row of y depends on its row of x alone. Does not throw, except std::bad_alloc.
void multiply(const LinearInput& input, Range rows, Range panels, Start start,
              LinearWorkspace& workspace, const States& y);

/// The same for y = b + x W^T rounded to bf16. Only in bf16 and int8.
void multiply(const LinearInput& input, Range rows, Range panels, LinearWorkspace& workspace,
              MatrixView<Bf16> y);

/// The same for y = gelu(b + x W^T), whose first column is that of panel `first`.
void multiply_gelu(const LinearInput& input, Range rows, Range panels, std::size_t first,
                   LinearWorkspace& workspace, const States& y);

}  // namespace enlace
