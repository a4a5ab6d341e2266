// The hot loops of a search through rows of bytes, as a table of plain functions for each
// instruction set.
//
// Under the rules of math/products.h: scan_kernels_scalar.cc is the definition, and a file for an
// instruction set includes nothing but the intrinsics and this header.
//
// A sum of bytes stands for a score (index/byte_rows.h):
//
//   score(row, column) = bias[row] + rest[row] length[column]
//                        + scale[row] (step[column] sum + shift[column])
//
// in f32, with or without rounding the products on their own.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/products.h"

namespace enlace {

/// What stands beside the sums of each row.
struct ScanRows {
  const float* scale;
  const float* bias;
  const float* rest;
};

/// The same for columns, and the score that is asked for.
struct ScanColumns {
  const float* step;
  const float* shift;
  const float* length;
  const float* floor;
};

struct ScanKernels {
  const char* name;  // "scalar", "avx2", "avx512"

  /// sums[i] = the sum over l < k of rows[i * k + l] query[l], for i < m; exact modulo 2^32.
  /// Requires k a multiple of 64. Asks the memory for what follows the rows.
  void (*multiply_rows)(const std::uint8_t* rows, std::size_t k, std::size_t m,
                        const std::int8_t* query, std::int32_t* sums) noexcept;

  /// For sums (m, kPanelWidth): bit j of hits[i] says whether score(i, j) >= floor[j]. What is not
  /// a number is no hit. Returns how many hits there are.
  std::size_t (*find_in_panel)(const std::int32_t* sums, std::size_t m, ScanRows rows,
                               ScanColumns columns, std::uint32_t* hits) noexcept;

  /// For the sums of m rows with one column: bit i % 32 of hits[i / 32] says whether
  /// score(i, 0) >= floor[0]; bits from m on are 0. Returns all hits or'ed.
  std::uint32_t (*find_in_rows)(const std::int32_t* sums, std::size_t m, ScanRows rows,
                                ScanColumns column, std::uint32_t* hits) noexcept;
};

extern const ScanKernels kScalarScanKernels;
extern const ScanKernels kAvx2ScanKernels;
extern const ScanKernels kAvx512ScanKernels;

/// The table for current_tier() (math/tier.h).
const ScanKernels& scan_kernels() noexcept;

/// The tables that this machine can run, slowest first: what a test compares.
struct ScanKernelList {
  const ScanKernels* tables[3];
  std::size_t count;
};
ScanKernelList runnable_scan_kernels() noexcept;

}  // namespace enlace
