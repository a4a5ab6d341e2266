// Keys that look random, found again in a file: the terms of an index and how many rows have each.
//
// T terms. Three sections, whose names begin with that of the table:
//
//   section      item  what
//   keys            8  (T) rising
//   frequencies     4  (T) the number of rows that have the term, at least 1
//   buckets         4  (2^b + 1, b >= 1) where the keys begin whose b highest bits are 0, 1, ..
//
// A key is looked for in its bucket, of about four keys, and in nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "io/section_file.h"

namespace enlace {

/// An open table. Borrows the file; const use is thread-safe.
class TermTable {
 public:
  TermTable() = default;
  /// Throws Error(kCorrupt) if a section is missing or their sizes disagree.
  TermTable(const SectionFile& file, std::string_view name);

  std::size_t size() const noexcept { return keys_.size(); }  // T

  /// The number of the term, in the order of keys. Throws Error(kCorrupt) if what was read for it
  /// is damaged.
  std::optional<std::uint32_t> find(std::uint64_t key) const;

  /// Requires term < size(). Throws Error(kCorrupt) if it is damaged.
  std::uint32_t frequency(std::uint32_t term) const { return frequencies_[term]; }

 private:
  PagedArray<std::uint64_t> keys_;
  PagedArray<std::uint32_t> frequencies_;
  PagedArray<std::uint32_t> buckets_;
  unsigned shift_ = 63;  // of a key, to get its bucket
};

/// Writes a table of fewer than 2^32 terms. Requires keys that rise, and as many frequencies.
void write_term_table(SectionWriter& file, std::string_view name,
                      const std::vector<std::uint64_t>& keys,
                      const std::vector<std::uint32_t>& frequencies);

}  // namespace enlace
