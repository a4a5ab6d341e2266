// The hot loops, as a table of plain functions chosen once for this machine.
//
// kernels_scalar.cc is the definition: short, readable, compiled everywhere. Each
// kernels_<isa>.cc is an optimisation of it, compiled with that ISA's flags, and must
// include nothing but this header and the intrinsics: an inline function from any other
// header could be emitted with AVX code and then picked by the linker for the whole program.
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
