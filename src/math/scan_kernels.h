// The hot loops of a search through rows of bytes, as a table of plain functions for each
// instruction set.
//
// Under the rules of math/products.h: scan_kernels_scalar.cc is the definition, and a file for an
// instruction set includes nothing but the intrinsics and this header.
//
// Whether a row may be among a query's best is decided by a bound (index/byte_rows.h). With the
// bounds g of a group of rows,
//
//   bound(row, column) = bias[row] + rest[row] tail[column] + scale[row] (step[column] sum
//                        + zero[column] + error[column] g.length + length[column] g.error)
//   floor(column)      = floor[column] - (rounding[column] g.norm + kScanUnderflow)
//
// in f32, with or without rounding the products on their own.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/products.h"

namespace enlace {

/// What products of tiny numbers may err by.
inline constexpr float kScanUnderflow = 1e-35F;

/// The greatest of a group of rows.
struct GroupBounds {
  float length, error, norm;
};

/// What stands beside the sums of each row.
struct ScanRows {
  const float* scale;
  const float* bias;
  const float* rest;
};

/// The same for columns, and what is asked for.
struct ScanColumns {
  const float* step;
  const float* zero;
  const float* tail;
  const float* error;
  const float* length;
  const float* rounding;
  const float* floor;
};

/// A row and a column of interest, and the sum of their products so far.
struct ScanHit {
  std::uint32_t row, column;
  std::int32_t sum;

  bool operator==(const ScanHit&) const = default;
};

struct ScanKernels {
  const char* name;  // "scalar", "avx2", "avx512"

  /// sums[i] = the sum over l < k of rows[i * k + l] query[l], for i < m; exact modulo 2^32.
  /// Requires k a multiple of 64. Asks the memory for what follows the rows.
  void (*multiply_rows)(const std::uint8_t* rows, std::size_t k, std::size_t m,
                        const std::int8_t* query, std::int32_t* sums) noexcept;

  /// For sums (m, kPanelWidth): bit j of hits[i] says whether bound(i, j) >= floor(j). What is not
  /// a number is no hit. Returns how many hits there are.
  std::size_t (*find_in_panel)(const std::int32_t* sums, std::size_t m, ScanRows rows,
                               ScanColumns columns, GroupBounds bounds,
                               std::uint32_t* hits) noexcept;

  /// For the sums of m rows with one column: bit i % 32 of hits[i / 32] says whether
  /// bound(i, 0) >= floor(0); bits from m on are 0. Returns all hits or'ed.
  std::uint32_t (*find_in_rows)(const std::int32_t* sums, std::size_t m, ScanRows rows,
                                ScanColumns column, GroupBounds bounds,
                                std::uint32_t* hits) noexcept;

  /// Adds to the sum of each hit the products of its row, of those at `rows` of k bytes, with its
  /// column, of those at `queries` `query_stride` apart; modulo 2^32. Requires k a multiple of 64.
  void (*add_products)(ScanHit* hits, std::size_t count, const std::uint8_t* rows, std::size_t k,
                       const std::int8_t* queries, std::size_t query_stride) noexcept;
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
