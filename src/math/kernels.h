// The hot loops, as a table of plain functions chosen once for this machine.
//
// kernels_scalar.cc is the definition: short, readable, compiled everywhere. Each
// kernels_<isa>.cc is an optimisation of it, compiled with that ISA's flags, and must
// include nothing but this header, the numbers of math/polynomials.h and the intrinsics: an inline
// function from any other header could be emitted with AVX code and then picked by the linker for
// the whole program.
#pragma once

#include <cstddef>

namespace enlace {

/// Columns of a panel: the unit in which the right side of a matrix product is packed.
inline constexpr std::size_t kPanelWidth = 32;

struct Kernels {
  const char* name;  // "scalar", "avx2", "avx512"

  /// Sum of a[i] * b[i] over i < n. The order of the additions is unspecified.
  float (*dot)(const float* a, const float* b, std::size_t n) noexcept;

  /// c[i * c_stride + j] = sum over l < k of a[i * a_stride + l] * panel[l * kPanelWidth + j], for
  /// i < m and j < kPanelWidth: m rows of a times one packed panel (math/packed_matrix.h).
  /// Requires `panel` at a multiple of 64 bytes. Each sum is taken in the order of l, whatever m
  /// is, so that a row's result does not depend on its neighbours.
  void (*multiply_panel)(const float* a, std::size_t a_stride, std::size_t m, const float* panel,
                         std::size_t k, float* c, std::size_t c_stride) noexcept;

  /// c[i * c_stride + j] += bias[j], for i < m and j < kPanelWidth: what follows multiply_panel
  /// while its result is still in the cache.
  void (*add_bias)(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept;

  /// The same, then gelu(x) = x Phi(x) = x / 2 (1 + erf(x / sqrt 2)) in its exact form (Hendrycks
  /// and Gimpel 2016, arXiv:1606.08415). Error at most 1e-6, and exact far from 0.
  void (*add_bias_gelu)(float* c, std::size_t c_stride, std::size_t m, const float* bias) noexcept;

  /// x = gain (s - mean(s)) / sqrt(variance(s) + epsilon) + shift over n values, where s = x + y:
  /// a residual connection and its layer norm (Ba et al. 2016, arXiv:1607.06450). Requires n > 0.
  void (*add_normalize)(float* x, const float* y, const float* gain, const float* shift,
                        float epsilon, std::size_t n) noexcept;

  /// x[i] = exp(scale x[i]) / sum over j of exp(scale x[j]), for i < n. Requires n > 0, scale > 0.
  void (*softmax)(float* x, std::size_t n, float scale) noexcept;
};

extern const Kernels kScalarKernels;
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;

/// The fastest table that this machine can run, or the one that ENLACE_ISA names if it can run it.
const Kernels& kernels() noexcept;

/// The tables that this machine can run, slowest first: what a test compares.
struct KernelList {
  const Kernels* tables[3];
  std::size_t count;
};
KernelList runnable_kernels() noexcept;

}  // namespace enlace
