// Exact search by inner product over vectors that stay in their file.
//
// N rows, D dimensions, Q queries. A section file of kind "vectors3":
//
//   section    item  what
//   dimension     8  D, 1 .. 65,536
//   vectors       4  N D f32, row-major (paged)
//   mean          4  (D) f32: the mean of the rows
//   basis         4  (0 or D D) f32
//   head          8  bytes of a head
//   heads         1  the first bytes of the N rows (paged)
//   tails         1  the other bytes of the N rows (paged)
//   scales        4  (N) f32 (paged)
//   biases        4  (N) f32 (paged)
//   rests         4  (N) f32 (paged)
//   bounds       12  three f32 for every 96 rows (paged)
//
// What mean, basis and the sections after them are stands in index/byte_rows.h. A search passes
// over the bytes, a quarter of the whole, and reads the floats of those rows only that may be among
// the best; each page is proved by its checksum when it is first read.
// History: kind "vectors" had no bytes, "vectors2" no pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "index/byte_rows.h"
#include "index/row_filter.h"
#include "io/section_file.h"
#include "math/matrix.h"
#include "math/top_k.h"

namespace enlace {

inline constexpr std::string_view kVectorsKind = "vectors3";
inline constexpr std::size_t kMaxDimension = 65536;

/// Writes a file of vectors front to back, in blocks, so that they need not fit in memory.
class FlatIndexWriter {
 public:
  /// `path` must not exist. `made_from` is the fingerprint of what the vectors come from. A file of
  /// another `kind` has further sections.
  /// Throws Error: kInvalidArgument if `dimension` is not in 1 .. kMaxDimension; kIo.
  FlatIndexWriter(const std::filesystem::path& path, std::size_t dimension, std::uint64_t made_from,
                  std::string_view kind = kVectorsKind);

  /// Adds the next rows, (any, D). Throws Error: kInvalidArgument if there are not D columns, or
  /// 2^32 - 1 rows or more in all; kIo.
  void append(MatrixView<const float> rows);

  /// Writes everything else that the rows need; the caller may then add sections of its own.
  /// Cost: one pass over the rows as they stand in the file.
  SectionWriter& close_rows(std::size_t workers = 1);

  /// Closes the rows if they are open, completes the file and returns its fingerprint; without it
  /// the file is removed.
  std::uint64_t finish(std::size_t workers = 1);

 private:
  std::filesystem::path path_;
  SectionWriter file_;
  std::size_t dimension_;
  std::size_t rows_ = 0;
  RowMean mean_;
  bool open_ = true;
};

/// An open file of vectors. Const is thread-safe; views live as long as the index. All functions
/// that give or use rows throw Error(kCorrupt) if what they read of them is damaged.
class FlatIndex {
 public:
  /// Reads what steers reads, not the rows.
  /// Throws as SectionFile::open does; kCorrupt too if the sections disagree.
  static FlatIndex open(const std::filesystem::path& path, std::string_view kind = kVectorsKind);

  std::size_t size() const noexcept { return rows_; }            // N
  std::size_t dimension() const noexcept { return dimension_; }  // D
  std::uint64_t made_from() const noexcept { return file_.made_from(); }
  std::uint64_t fingerprint() const noexcept { return file_.fingerprint(); }
  const SectionFile& file() const noexcept { return file_; }

  /// Requires row < size().
  std::span<const float> vector(std::uint32_t row) const { return rows(row, row + 1UL).row(0); }

  /// Rows [begin, end). Requires begin <= end <= size().
  MatrixView<const float> rows(std::size_t begin, std::size_t end) const {
    return {vectors_.slice(begin * dimension_, end * dimension_).data(), end - begin, dimension_};
  }
  MatrixView<const float> vectors() const { return rows(0, size()); }
  const ByteRows& bytes() const noexcept { return bytes_; }

  /// For each of `queries` (Q, D): the k rows of `filter` with the highest inner product, best
  /// first, ties by row. A product that is not a number is no neighbour.
  ///
  /// Exact: products are those of score(), whatever bytes say. A query's result, to the last bit,
  /// depends neither on the other queries nor on `workers`.
  /// Throws Error(kInvalidArgument) if there are not D columns.
  /// Cost: one pass over the bytes per 256 queries; over the floats where k is a large part of N,
  /// or a query is not finite.
  std::vector<std::vector<Neighbour>> search(MatrixView<const float> queries, std::size_t k,
                                             const RowFilter& filter = {},
                                             std::size_t workers = 1) const;

  /// The inner product of `query` (D) with each of `rows`, bit for bit as search() would give it.
  /// Requires every row < size(). Throws Error(kInvalidArgument) if the query has not D values.
  std::vector<float> score(std::span<const float> query, std::span<const std::uint32_t> rows) const;

  /// The best k by exact scores among `candidates`: rows below size() and upper bounds of scores.
  std::vector<Neighbour> best_of(std::span<const float> query, std::size_t k,
                                 std::vector<Neighbour> candidates) const;

  /// Tells the system that the rows read are not needed for now, if there are so many rows that
  /// they should not all stay in memory. Whoever reads them meanwhile finds them as before.
  void let_go() const noexcept;

  /// Throws Error(kCorrupt) unless every checksum of the file holds.
  void verify() const { file_.verify(); }

 private:
  explicit FlatIndex(SectionFile file);

  SectionFile file_;
  std::size_t rows_ = 0, dimension_ = 0;
  PagedArray<float> vectors_;
  ByteRows bytes_;
};

}  // namespace enlace
