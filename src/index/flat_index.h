// Exact search by inner product over vectors that stay in their file.
//
// N rows, D dimensions, Q queries. A section file of kind "vectors":
//
//   section    item  what
//   dimension     8  D, 1 .. 65,536
//   norm          8  the greatest finite Euclidean norm of a row (f64); 0 if there is none
//   vectors       4  N D f32, row-major (bulk)
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "index/row_filter.h"
#include "io/section_file.h"
#include "math/matrix.h"
#include "math/top_k.h"

namespace enlace {

/// Writes a file of vectors front to back, in blocks, so that they need not fit in memory.
class FlatIndexWriter {
 public:
  /// `path` must not exist. `made_from` is the fingerprint of what the vectors come from.
  /// Throws Error: kInvalidArgument if `dimension` is not in 1 .. 65,536; kIo.
  FlatIndexWriter(const std::filesystem::path& path, std::size_t dimension,
                  std::uint64_t made_from);

  /// Adds the next rows, (any, D). Throws Error: kInvalidArgument if there are not D columns, or
  /// 2^32 - 1 rows or more in all; kIo.
  void append(MatrixView<const float> rows);

  /// Completes the file and returns its fingerprint; without it the file is removed.
  std::uint64_t finish();

 private:
  SectionWriter file_;
  std::size_t dimension_;
  std::uint64_t rows_ = 0;
  double norm_ = 0;
};

/// An open file of vectors. Const is thread-safe; views live as long as the index.
class FlatIndex {
 public:
  /// Throws as SectionFile::open does; kCorrupt too if the sections disagree.
  static FlatIndex open(const std::filesystem::path& path);

  std::size_t size() const noexcept { return vectors_.rows(); }       // N
  std::size_t dimension() const noexcept { return vectors_.cols(); }  // D
  std::uint64_t made_from() const noexcept { return file_.made_from(); }
  std::uint64_t fingerprint() const noexcept { return file_.fingerprint(); }

  /// Requires row < size().
  std::span<const float> vector(std::uint32_t row) const noexcept { return vectors_.row(row); }

  /// For each of `queries` (Q, D): the k rows of `filter` with the highest inner product, best
  /// first, ties by row. A product that is not a number is no neighbour.
  ///
  /// A query's result, to the last bit, depends neither on the other queries nor on `workers`.
  /// Throws Error(kInvalidArgument) if there are not D columns.
  /// Cost: one pass over the file per 256 queries.
  std::vector<std::vector<Neighbour>> search(MatrixView<const float> queries, std::size_t k,
                                             const RowFilter& filter = {},
                                             std::size_t workers = 1) const;

  /// The inner product of `query` (D) with each of `rows`, bit for bit as search() would give it.
  /// Requires every row < size(). Throws Error(kInvalidArgument) if the query has not D values.
  std::vector<float> score(std::span<const float> query, std::span<const std::uint32_t> rows) const;

  /// Throws Error(kCorrupt) unless every checksum of the file holds.
  void verify() const { file_.verify(); }

 private:
  FlatIndex(SectionFile file, MatrixView<const float> vectors, double norm) noexcept
      : file_(std::move(file)), vectors_(vectors), norm_(norm) {}

  SectionFile file_;
  MatrixView<const float> vectors_;
  double norm_;
};

}  // namespace enlace
