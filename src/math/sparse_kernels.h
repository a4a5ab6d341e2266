// The hot loops over bitmaps and sums of weights, as a table of plain functions chosen once.
//
// Under the rules of math/kernels.h: sparse_kernels_scalar.cc is the definition, and a file for an
// instruction set includes nothing but the intrinsics and this header. All tables give the same
// results to the last bit.
//
// n sums in whole groups of 64; sum i belongs to bit i % 64 of word i / 64 of a bitmap. The scaled
// sum i is float(sums[i]) * scales[i].
#pragma once

#include <cstddef>
#include <cstdint>

namespace enlace {

struct SparseKernels {
  const char* name;  // "scalar", "avx2", "avx512"

  /// sums[i] += the sum of weights[b] over the bitmaps b < count that have bit i,
  /// modulo 2^32.
  void (*add_weights)(const std::uint64_t* const* bitmaps, const std::int32_t* weights,
                      std::size_t count, std::int32_t* sums, std::size_t n) noexcept;

  /// maxima[g] = the greatest scaled sum of group g, or 0 if all are below it.
  void (*group_maxima)(const std::int32_t* sums, const float* scales, std::size_t n,
                       float* maxima) noexcept;

  /// Sets bit i of `hits` if the scaled sum i is at least `floor`, clears it if not.
  void (*find_at_least)(const std::int32_t* sums, const float* scales, std::size_t n, float floor,
                        std::uint64_t* hits) noexcept;

  /// add_weights with sums of 16 bits, modulo 2^16.
  void (*add_short_weights)(const std::uint64_t* const* bitmaps, const std::uint16_t* weights,
                            std::size_t count, std::uint16_t* sums, std::size_t n) noexcept;

  /// Writes i << 16 | s to `found` for every i, rising, with s = sums[i] * roots[i]^2 / 2^16
  /// (rounded down) at least `floor`, and sets all sums to 0. Returns how many.
  /// Requires n <= 65,536 and floor >= 1. `found` has room for n.
  std::size_t (*take_at_least)(std::uint16_t* sums, const std::uint8_t* roots, std::size_t n,
                               std::uint16_t floor, std::uint32_t* found) noexcept;
};

extern const SparseKernels kScalarSparseKernels;
extern const SparseKernels kAvx2SparseKernels;
extern const SparseKernels kAvx512SparseKernels;

/// The table of the same name as kernels().
const SparseKernels& sparse_kernels() noexcept;

/// The tables that this machine can run, slowest first: what a test compares.
struct SparseKernelList {
  const SparseKernels* tables[3];
  std::size_t count;
};
SparseKernelList runnable_sparse_kernels() noexcept;

}  // namespace enlace
