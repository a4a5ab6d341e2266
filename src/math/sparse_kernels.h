// The hot loops over bitmaps and 16-bit scores, as a table of plain functions chosen once.
//
// Under the rules of math/kernels.h: sparse_kernels_scalar.cc is the definition, and a file for an
// instruction set includes nothing but the intrinsics and this header.
//
// n values in whole groups of 64; value i belongs to bit i % 64 of word i / 64 of a bitmap. The
// scaled value i is (values[i] * factors[i]) / 65,536, rounded down.
#pragma once

#include <cstddef>
#include <cstdint>

namespace enlace {

struct SparseKernels {
  const char* name;  // "scalar", "avx2", "avx512"

  /// values[i] += the sum of weights[b] over the bitmaps b < count that have bit i, modulo 65,536.
  void (*add_weights)(const std::uint64_t* const* bitmaps, const std::uint16_t* weights,
                      std::size_t count, std::uint16_t* values, std::size_t n) noexcept;

  /// maxima[g] = the greatest scaled value of group g.
  void (*group_maxima)(const std::uint16_t* values, const std::uint16_t* factors, std::size_t n,
                       std::uint16_t* maxima) noexcept;

  /// Sets bit i of `hits` if the scaled value i is at least `floor`, clears it if not.
  void (*find_at_least)(const std::uint16_t* values, const std::uint16_t* factors, std::size_t n,
                        std::uint16_t floor, std::uint64_t* hits) noexcept;
};

extern const SparseKernels kScalarSparseKernels;
extern const SparseKernels kAvx2SparseKernels;
extern const SparseKernels kAvx512SparseKernels;

/// The table of the same name as kernels().
const SparseKernels& sparse_kernels() noexcept;

}  // namespace enlace
