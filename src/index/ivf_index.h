// Search of some lists of rows instead of all: faster, and no longer exact.
//
// An inverted file (Jégou, Douze and Schmid 2011, IEEE TPAMI 33(1), section IV, without product
// quantisation): k-means on a sample of the rows gives L centroids c, each row belongs to the list
// of the one that is closest, and a query looks into the lists whose centroids are. A row x is
// closest to the centroid with the greatest c.x - |c|^2 / 2, and so is a query.
//
// A section file of kind "ivf3" with the sections of index/flat_index.h for the rows, sorted by
// list and within a list by number, and
//
//   section     item  what
//   list starts    4  (L + 1) u32: list l has the rows starts[l] .. starts[l + 1]
//   centroids      4  (L, D) f32
//   numbers        4  (N) u32: the number of each row in the index that this was made from (paged)
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/progress.h"
#include "index/centroids.h"
#include "index/flat_index.h"

namespace enlace {

struct IvfOptions {
  std::size_t lists = 0;  // 0: the square root of the number of rows
  std::uint64_t seed = 1;
  std::size_t workers = 1;
};

/// Writes the rows of `index` in lists at `path`, which must not exist; returns the fingerprint.
/// Equal input gives equal bytes on equal kernels, whatever the workers.
/// Throws Error: kInvalidArgument if there are more lists than rows, or a row is not finite;
/// kCancelled, kIo. Cost: 10 N' L D for k-means of N' <= 64 L rows, and N L D.
std::uint64_t write_ivf_index(const std::filesystem::path& path, const FlatIndex& index,
                              const IvfOptions& options, const Progress& progress = {});

/// An open one. Const is thread-safe.
class IvfIndex {
 public:
  /// Throws as FlatIndex::open does.
  static IvfIndex open(const std::filesystem::path& path);

  const FlatIndex& rows() const noexcept { return rows_; }
  std::size_t lists() const noexcept { return starts_.size() - 1; }

  /// For each of `queries` (Q, D): the best k among the rows of `filter` in the `probes` lists that
  /// are closest, with their numbers in the original index and exact scores. Scores are those of
  /// FlatIndex::search(), and so are neighbours if probes >= lists(), but for ties at the k-th.
  /// Throws Error: kInvalidArgument if there are not D columns; kCorrupt if a number is none, or a
  /// row is damaged.
  std::vector<std::vector<Neighbour>> search(MatrixView<const float> queries, std::size_t k,
                                             std::size_t probes, const RowFilter& filter = {},
                                             std::size_t workers = 1) const;

 private:
  explicit IvfIndex(FlatIndex rows);

  FlatIndex rows_;
  std::span<const std::uint32_t> starts_;
  PagedArray<std::uint32_t> numbers_;
  Centroids centroids_;
};

}  // namespace enlace
