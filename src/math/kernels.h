// The hot loops over single values and rows, as a table of plain functions for each instruction
// set.
//
// kernels_scalar.cc is the definition: short, readable, compiled everywhere. Each
// kernels_<isa>.cc is an optimisation of it, under the rules of math/products.h, where the matrix
// products are; docs/KERNELS.md says how both work together.
//
// A block is m rows of kPanelWidth values, c_stride apart: what a product with one panel gives. It
// is finished while it is in the cache.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/products.h"

namespace enlace {

/// A row of bytes stands for step (byte - zero), column by column times what quantize() took off.
struct QuantizedRows {
  const float* step;         // of each row
  const std::int32_t* zero;  // 0 .. 255
};

/// The columns of a panel of int8: what their sums are to be multiplied with, and what they sum to.
struct QuantizedColumns {
  const float* scale;
  const std::int32_t* sum;  // of a column's values over its depth
};

/// The most tokens that `attend_short` takes.
inline constexpr std::size_t kShortTokens = 16;

/// One head of one sequence: rows of D values, `stride` apart, and zeros up to W.
struct AttentionHead {
  const float* queries;
  const float* keys;
  const float* values;
  std::size_t stride;
  std::size_t tokens;      // T
  std::size_t head_size;   // D
  std::size_t head_width;  // W, a multiple of kPanelWidth
};

struct Kernels {
  const char* name;  // "scalar", "avx2", "avx512"

  /// Sum of a[i] * b[i] over i < n. The order of the additions is unspecified.
  float (*dot)(const float* a, const float* b, std::size_t n) noexcept;

  /// c[i * c_stride + j] += bias[j], for i < m and j < kPanelWidth.
  void (*add_bias)(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept;

  /// The same, then gelu(x) = x Phi(x) = x / 2 (1 + erf(x / sqrt 2)) in its exact form (Hendrycks
  /// and Gimpel 2016, arXiv:1606.08415). Error at most 1e-6, and exact far from 0.
  void (*add_bias_gelu)(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept;

  /// The same for values that will be rounded to bf16 or int8: error at most 3e-4.
  void (*add_bias_rough_gelu)(float* c, std::size_t c_stride, std::size_t m,
                              const float* bias) noexcept;

  /// From the sums of bytes (m, kPanelWidth) to what they stand for, added to a base:
  /// c[i * c_stride + j] = base[i * base_stride + j] + step_i scale_j (sums[i][j] - zero_i sum_j).
  /// The base may be c itself, or a bias with stride 0.
  void (*dequantize)(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                     QuantizedColumns columns, const float* base, std::size_t base_stride, float* c,
                     std::size_t c_stride) noexcept;

  /// The same, then gelu with an error of at most 3e-4.
  void (*dequantize_rough_gelu)(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                                QuantizedColumns columns, const float* base,
                                std::size_t base_stride, float* c, std::size_t c_stride) noexcept;

  /// y[i] = x[i] rounded to the nearest bf16, to even among two; NaN stays NaN.
  void (*to_bf16)(const float* x, std::size_t n, Bf16* y) noexcept;

  /// y[i] = round(v[i] / step) + zero for v[i] = x[i] scale[i]: the bytes that stand for a row,
  /// with the least step that reaches from min(v, 0) to max(v, 0). All tables give the same bytes
  /// for finite values; a row that is not finite gives a step that is not.
  void (*quantize)(const float* x, const float* scale, std::size_t n, std::uint8_t* y, float* step,
                   std::int32_t* zero) noexcept;

  /// x = gain (s - mean(s)) / sqrt(variance(s) + epsilon) + shift over n values, where s = x + y:
  /// a residual connection and its layer norm (Ba et al. 2016, arXiv:1607.06450). Requires n > 0.
  void (*add_normalize)(float* x, const float* y, const float* gain, const float* shift,
                        float epsilon, std::size_t n) noexcept;

  /// x[i] = exp(scale x[i]) / sum over j of exp(scale x[j]), for i < n. Requires n > 0, scale > 0.
  void (*softmax)(float* x, std::size_t n, float scale) noexcept;

  /// context[i * context_stride + w] = sum over j of softmax_j(scale q_i . k_j) v_j[w], for
  /// i < queries and w < W: scaled dot-product attention (Vaswani et al. 2017, arXiv:1706.03762)
  /// of a sequence that fits into a few registers. Requires 1 <= T <= kShortTokens, D <= 128,
  /// queries <= T.
  void (*attend_short)(const AttentionHead& head, std::size_t queries, float scale, float* context,
                       std::size_t context_stride) noexcept;
};

extern const Kernels kScalarKernels;
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;

/// The fastest table for current_tier() (math/tier.h).
const Kernels& kernels() noexcept;

/// The tables that this machine can run, slowest first: what a test compares.
struct KernelList {
  const Kernels* tables[3];
  std::size_t count;
};
KernelList runnable_kernels() noexcept;

}  // namespace enlace
