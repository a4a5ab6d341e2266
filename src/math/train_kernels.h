// The loops of training over rows, as a table of plain functions for each instruction set.
//
// They are written once, in train_loops.h, and compiled for each: products, where the time goes,
// are those of math/block_products.h. T is what activations are kept in, float or Bf16; sums and
// gradients that are added to are float. Rows may begin anywhere; nothing overlaps unless said.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/products.h"

namespace enlace {

/// Which values are dropped (Srivastava et al. 2014, JMLR 15): value i of a row is, if the hash of
/// (key, i) is below `threshold`; the others are multiplied with `scale`. The same numbers give the
/// same choice, forward and backward, whatever the machine. threshold 0: nothing is dropped.
struct Dropout {
  std::uint32_t key = 0;
  std::uint32_t threshold = 0;  // rate times 2^32
  float scale = 1;              // 1 / (1 - rate)
};

/// One head of one sequence in training: rows of W values, a multiple of 16.
template <class T>
struct TrainedHead {
  const T* queries;
  const T* keys;
  const T* values;
  std::size_t stride;  // of the three
  std::size_t tokens;  // L
  std::size_t width;   // W
  float scale;         // of scores
  Dropout dropout;     // of shares; row i of them has the key of this one plus i
  float* scratch;      // attention_scratch(L, W) floats, at a multiple of 64 bytes
};

/// Where the gradients of a head go.
template <class T>
struct HeadGradients {
  T* queries;
  T* keys;
  T* values;
  std::size_t stride;
};

/// Floats that the functions on a head use beside their arguments.
constexpr std::size_t attention_scratch(std::size_t tokens, std::size_t width) noexcept {
  const std::size_t padded = (tokens + 15) / 16 * 16;
  return 2 * padded * width + 4 * tokens * width + 2 * tokens * padded;
}

/// A step of AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101), as PyTorch computes it.
struct AdamStep {
  float first_decay;   // of the mean of gradients, beta 1
  float second_decay;  // of the mean of their squares, beta 2
  float keep;          // of a weight: 1 - rate x decay
  float rate;          // over 1 - beta1^t
  float root;          // 1 / sqrt(1 - beta2^t)
  float epsilon;
  float gradient_scale;  // what gradients are multiplied with first, for clipping
};

template <class T>
struct TrainKernels {
  const char* name;  // "scalar", "avx2", "avx512"

  /// y = x rounded to T.
  void (*round)(const float* x, std::size_t n, T* y) noexcept;

  /// y = gelu(u) in its exact form (math/kernels.h); for bf16 with an error of at most 1e-4 besides
  /// the rounding.
  void (*gelu)(const T* u, std::size_t n, T* y) noexcept;

  /// du = dy gelu'(u), and y = gelu(u) again.
  void (*gelu_gradient)(const T* u, const float* dy, std::size_t n, T* du, T* y) noexcept;

  /// s = x + y, x = gain c + shift for c = (s - mean(s)) rstd, rstd = 1 / sqrt(variance(s) +
  /// epsilon), over n values; c goes to `centred`, x rounded to `rounded`. Returns rstd.
  float (*add_normalize)(float* x, const float* y, const float* gain, const float* shift,
                         float epsilon, std::size_t n, T* centred, T* rounded) noexcept;

  /// From dx, the gradient at the output of add_normalize, to that at s, in place; adds dx c to
  /// `gain_gradient` and dx to `shift_gradient`.
  void (*normalize_gradient)(const T* centred, float rstd, const float* gain, std::size_t n,
                             float* dx, float* gain_gradient, float* shift_gradient) noexcept;

  /// sums += x.
  void (*add_to_sums)(const T* x, std::size_t n, float* sums) noexcept;

  /// x with what `dropout` says.
  void (*drop)(float* x, std::size_t n, Dropout dropout) noexcept;

  /// context_i = sum over j of share_ij value_j, where share_i = softmax(scale q_i k_j).
  void (*attend)(const TrainedHead<T>& head, T* context, std::size_t context_stride) noexcept;

  /// From the gradient at the context to those at queries, keys and values, which are written.
  void (*attend_gradient)(const TrainedHead<T>& head, const float* context_gradient,
                          std::size_t context_stride, const HeadGradients<T>& to) noexcept;

  /// Rows [0, rows) of x (rows, cols), cols a multiple of kPanelWidth, as depth of panels: panel p
  /// has the columns from p kPanelWidth on (math/packed_matrix.h). Requires `rows` even, `panels`
  /// at the first of these rows.
  void (*pack_depth)(const T* x, std::size_t stride, std::size_t rows, std::size_t cols, T* panels,
                     std::size_t panel_stride) noexcept;

  /// The same rows as columns of panels: kPanelWidth of them a panel, whose depth is cols.
  /// Requires rows a multiple of kPanelWidth and cols of 32.
  void (*pack_columns)(const T* x, std::size_t stride, std::size_t rows, std::size_t cols,
                       T* panels) noexcept;

  /// y (cols, rows) = x (rows, cols) transposed. Requires rows and cols multiples of 32.
  void (*transpose)(const T* x, std::size_t stride, std::size_t rows, std::size_t cols, T* y,
                    std::size_t y_stride) noexcept;

  /// A step of n weights. `mean` and `square` are the optimizer's memory.
  void (*adam)(const AdamStep& step, const float* gradient, std::size_t n, float* weight,
               float* mean, float* square) noexcept;

  /// The sum of x_i^2, in double.
  double (*square_sum)(const float* x, std::size_t n) noexcept;
};

struct TrainTables {
  TrainKernels<float> floats;
  TrainKernels<Bf16> halves;
};
extern const TrainTables kScalarTrainKernels;
extern const TrainTables kAvx2TrainKernels;
extern const TrainTables kAvx512TrainKernels;

/// The tables for current_tier() (math/tier.h).
const TrainTables& train_tables() noexcept;

template <class T>
const TrainKernels<T>& train_kernels() noexcept;
template <>
inline const TrainKernels<float>& train_kernels<float>() noexcept {
  return train_tables().floats;
}
template <>
inline const TrainKernels<Bf16>& train_kernels<Bf16>() noexcept {
  return train_tables().halves;
}

/// The tables that this machine can run, slowest first: what a test compares.
struct TrainTableList {
  const TrainTables* tables[3];
  std::size_t count;
};
TrainTableList runnable_train_tables() noexcept;

}  // namespace enlace
