// The hot loops over single values and rows, as a table of plain functions for each instruction
// set.
//
// kernels_scalar.cc is the definition: short, readable, compiled everywhere. Each
// kernels_<isa>.cc is an optimisation of it, under the rules of math/products.h, where the matrix
// products are; docs/KERNELS.md says how both work together.
//
// What a product with one panel gives, m rows of kPanelWidth sums without gaps, is finished while
// it is in the cache into a block of a matrix c: m rows of kPanelWidth values, c_stride apart.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/products.h"

namespace enlace {

/// The bits of an IEEE 754 binary16.
using Half = std::uint16_t;

/// What a block of sums is added to: row i begins at values + i stride. It may be the block that is
/// written, or a bias, whose stride is 0.
struct Base {
  const float* values;
  std::size_t stride;
};

/// The same for a block of halves: a bias in f32 or, if that is null, halves.
struct HalfBase {
  const float* bias;
  const Half* values;
  std::size_t stride;
};

/// A byte of row i stands for step_i byte - shift_i, column by column times what quantize() took
/// off.
struct QuantizedRows {
  const float* step;
  const float* shift;
};

/// Where rows of bytes go: row i at bytes + i stride, its step and shift at i.
struct BytesOfRows {
  std::uint8_t* bytes;
  std::size_t stride;
  float* step;
  float* shift;
};

/// What a layer norm multiplies and adds, column by column.
struct Norm {
  const float* gain;
  const float* shift;
  float epsilon;
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
  const char* name;         // "scalar", "avx2", "avx512", "avx512fp16"
  bool computes_in_halves;  // and not in f32 what is given in halves

  /// Sum of a[i] * b[i] over i < n. The order of the additions is unspecified.
  float (*dot)(const float* a, const float* b, std::size_t n) noexcept;

  /// c = base + sums, where sums is (m, kPanelWidth).
  void (*add)(const float* sums, std::size_t m, Base base, float* c, std::size_t c_stride) noexcept;

  /// c = gelu(base + sums), gelu(x) = x Phi(x) = x / 2 (1 + erf(x / sqrt 2)) in its exact form
  /// (Hendrycks and Gimpel 2016, arXiv:1606.08415). Error at most 1e-6, and exact far from 0.
  void (*add_gelu)(const float* sums, std::size_t m, Base base, float* c,
                   std::size_t c_stride) noexcept;

  /// The same, in bf16: besides the rounding an error of at most 3e-4.
  void (*add_gelu_bf16)(const float* sums, std::size_t m, Base base, Bf16* c,
                        std::size_t c_stride) noexcept;

  /// From the sums of bytes (m, kPanelWidth) to what they stand for:
  /// c[i][j] = base[i][j] + scale_j (step_i sums[i][j] - shift_i sum_j).
  void (*dequantize)(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                     QuantizedColumns columns, Base base, float* c, std::size_t c_stride) noexcept;

  /// The same in binary16, infinite beyond 65504.
  void (*dequantize_half)(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                          QuantizedColumns columns, HalfBase base, Half* c,
                          std::size_t c_stride) noexcept;

  /// gelu of the same: besides the rounding an error of at most 3e-4.
  void (*dequantize_gelu_half)(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                               QuantizedColumns columns, HalfBase base, Half* c,
                               std::size_t c_stride) noexcept;

  /// y[i] = x[i] rounded to the nearest bf16, to even among two; NaN stays NaN. Subnormal numbers
  /// may count as 0.
  void (*to_bf16)(const float* x, std::size_t n, Bf16* y) noexcept;

  /// y[i] = x[i] rounded to the nearest binary16, to even among two; infinite beyond 65504.
  void (*to_halves)(const float* x, std::size_t n, Half* y) noexcept;

  /// y[i] = x[i].
  void (*from_halves)(const Half* x, std::size_t n, float* y) noexcept;

  /// For each of m rows of n values, x_stride apart, y[i] = round(v[i] / step) + zero for v[i] =
  /// x[i] scale[i]: the bytes that stand for a row, with the least step that reaches from min(v, 0)
  /// to max(v, 0); shift is step zero. All tables give the same bytes for finite values; a row that
  /// is not finite gives a step that is not.
  void (*quantize)(const float* x, std::size_t x_stride, std::size_t m, const float* scale,
                   std::size_t n, BytesOfRows y) noexcept;

  /// The same for rows of halves. Here a table may round v and 1 / step to binary16.
  void (*quantize_halves)(const Half* x, std::size_t x_stride, std::size_t m, const float* scale,
                          std::size_t n, BytesOfRows y) noexcept;

  /// For each of m rows, x = gain (s - mean(s)) / sqrt(variance(s) + epsilon) + shift over n
  /// values, where s = x + y: a residual connection and its layer norm (Ba et al. 2016,
  /// arXiv:1607.06450). Requires n > 0. A row's result does not depend on its neighbours.
  void (*add_normalize)(float* x, std::size_t x_stride, const float* y, std::size_t y_stride,
                        std::size_t m, Norm norm, std::size_t n) noexcept;

  /// The same for rows of halves, s rounded to binary16. A table may round to it what it computes
  /// from the mean and the variance.
  void (*add_normalize_halves)(Half* x, std::size_t x_stride, const Half* y, std::size_t y_stride,
                               std::size_t m, Norm norm, std::size_t n) noexcept;

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

/// `table` with what it does on halves done by AVX-512 FP16 and BF16: requires a machine with both.
Kernels with_half_arithmetic(const Kernels& table) noexcept;

/// The fastest table for current_tier() (math/tier.h).
const Kernels& kernels() noexcept;

/// The tables that this machine can run, slowest first: what a test compares.
struct KernelList {
  const Kernels* tables[4];
  std::size_t count;
};
KernelList runnable_kernels() noexcept;

}  // namespace enlace
