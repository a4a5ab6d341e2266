// The hot loops over bitmaps and sums of weights, as a table of plain functions chosen once.
//
// Under the rules of math/kernels.h: sparse_kernels_scalar.cc is the definition, and a file for an
// instruction set includes nothing but the intrinsics and this header. All tables give the same
// results to the last bit.
//
// n sums in whole groups of 64. Sum i belongs to bit i % 64 of word i / 64 of a bitmap. The scaled
// sum i is float(sums[i]) * scales[i].
#pragma once

#include <cstddef>
#include <cstdint>

namespace enlace {

/// Rows as a tree of bits (index/row_trees.h has an example). Bit i of word w of `top` stands for
/// the 64 rows from 64 (64 w + i) on; for every one that is set, `middle` has a byte, whose bit j
/// stands for the octet of rows from 8 j on; for every one that is set, `low` has a byte, a bit a
/// row.
struct BitTree {
  const std::uint64_t* top = nullptr;
  std::size_t words = 0;
  const std::uint8_t* middle = nullptr;
  std::size_t middles = 0;
  const std::uint8_t* low = nullptr;
  std::size_t lows = 0;
};

/// How many groups of 64 rows, and how many octets, a tree has before a word of top. There are 2^32
/// - 1 where there are fewer bytes than top tells of.
struct TreePlace {
  std::uint32_t groups;
  std::uint32_t octets;
};

/// Some octets of rows.
struct ChosenOctets {
  const std::uint64_t*
      octets;  // bit i of word w: whether octet 64 w + i is chosen; 8 a word of top
  const std::uint32_t* before;  // by word of octets: how many are chosen in the words before it
  const std::uint64_t* groups;  // bit i of word w: whether one of octets 8 (64 w + i) .. + 7 is
  const std::uint32_t* words;   // the words of groups that are not 0, rising
  std::size_t word_count;
  const std::uint32_t* numbers;  // of all that are chosen, rising
  std::size_t count;
};

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

  /// Adds `weight` to the sum of every octet of the words [first, end) of top: 512 sums a word of
  /// the whole tree, modulo 2^8. Goes on from places[first], {0, 0} for the first word of all, and
  /// writes the places up to that of `end`; from where bytes are missing, without effect on sums.
  void (*add_middle)(const BitTree& tree, std::size_t first, std::size_t end, std::uint8_t weight,
                     std::uint8_t* sums, TreePlace* places) noexcept;

  /// Adds `weight` to the sum of every row of the tree that is in a chosen octet: eight sums for
  /// each of these, in their order, modulo 2^16. `places` is what add_middle wrote.
  void (*add_low)(const BitTree& tree, const TreePlace* places, const ChosenOctets& chosen,
                  std::uint16_t weight, std::uint16_t* sums) noexcept;

  /// Writes i << 16 | s to `found` for every i, rising, with s = sums[i] * factors[i] / 2^8
  /// (rounded down) at least `floor`. Returns how many.
  /// Requires n <= 65,536 and floor >= 1. `found` has room for n.
  std::size_t (*find_products)(const std::uint8_t* sums, const std::uint16_t* factors,
                               std::size_t n, std::uint16_t floor, std::uint32_t* found) noexcept;
};

extern const SparseKernels kScalarSparseKernels;
extern const SparseKernels kAvx2SparseKernels;
extern const SparseKernels kAvx512SparseKernels;
extern const SparseKernels kAvx512Vbmi2SparseKernels;  // named as the one before

/// Whether this machine has VBMI2 and VPOPCNTDQ as well as what the avx512 tables need.
bool has_vbmi2() noexcept;

/// The fastest table for current_tier().
const SparseKernels& sparse_kernels() noexcept;

/// The tables that this machine can run, slowest first: what a test compares.
struct SparseKernelList {
  const SparseKernels* tables[4];
  std::size_t count;
};
SparseKernelList runnable_sparse_kernels() noexcept;

}  // namespace enlace
