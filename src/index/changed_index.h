// An index whose rows come and go without its file being written again.
//
// What changed since the file P was written stands beside it in P.changes, which is replaced as a
// whole: a section file of kind "changes3", made from P, with the sections of index/flat_index.h
// for the rows that were added, and
//
//   section        item  what
//   base retired      8  a bit for each row of P, in words of 64
//   added retired     8  a bit for each row that was added
//
// Rows keep their numbers: those of P, then the added ones, retired ones included.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "index/flat_index.h"

namespace enlace {

/// The path of the changes of the index at `path`.
std::filesystem::path changes_of(const std::filesystem::path& path);

/// An open index with its changes, as they were then: later ones do not touch it. Const is
/// thread-safe.
class ChangedIndex {
 public:
  /// Throws as FlatIndex::open does; kCorrupt too if the changes are those of another file.
  static ChangedIndex open(const std::filesystem::path& path);

  const FlatIndex& base() const noexcept { return base_; }
  const std::optional<FlatIndex>& added() const noexcept { return added_; }

  std::size_t dimension() const noexcept { return base_.dimension(); }
  /// One more than the greatest number of a row.
  std::size_t size() const noexcept { return base_.size() + (added_ ? added_->size() : 0); }
  bool is_retired(std::uint32_t row) const noexcept {
    return row < base_.size() ? !live_base_.allows(row) : !live_added_.allows(row - base_.size());
  }
  /// Requires row < size().
  std::span<const float> vector(std::uint32_t row) const {
    return row < base_.size() ? base_.vector(row)
                              : added_->vector(row - std::uint32_t(base_.size()));
  }

  /// As FlatIndex::search does over the rows that are not retired: the neighbours and scores that
  /// an index made of these rows alone gives, with their numbers here.
  std::vector<std::vector<Neighbour>> search(MatrixView<const float> queries, std::size_t k,
                                             const RowFilter& filter = {},
                                             std::size_t workers = 1) const;

 private:
  explicit ChangedIndex(FlatIndex base) noexcept : base_(std::move(base)) {}

  FlatIndex base_;
  std::optional<FlatIndex> added_;
  RowFilter live_base_, live_added_;  // everything where none are retired
};

/// Adds `rows` (any, D) to the index at `path`; returns the number of the first.
///
/// Readers and a crash see all of the change or nothing; one change waits for another.
/// Throws Error: as ChangedIndex::open does; kInvalidArgument if there are not D columns; kIo.
/// Cost: writing all the rows that were ever added. Where they are many, write the index anew.
std::uint32_t add_rows(const std::filesystem::path& path, MatrixView<const float> rows);

/// Retires rows by their numbers; those that are retired already stay so. As add_rows() in all
/// else. Throws Error(kInvalidArgument) too if a number is not that of a row.
void retire_rows(const std::filesystem::path& path, std::span<const std::uint32_t> rows);

}  // namespace enlace
