// Rising lists of rows as trees of bits: for lists that are long, of rows that stand close
// together.
//
// Eight rows from a multiple of 8 on are an octet, eight octets a group, 64 groups a chunk. A list
// that has o octets and g groups with a row takes whole 64-bit words:
//
//   counts   1 word     g, and o << 32
//   top      1 a chunk  bit i if group i of the chunk has a row
//   middle   g bytes    of each group that has one, rising: bit i if its octet i has a row
//   low      o bytes    of each octet that has one, rising: bit i if the list has its row i
//
//   R = 4096, rows 3, 9 and 70: g = 2, o = 3; top 11 (groups 0 and 1); middle 11 (octets 0 and 1)
//   and 1 (octet 8); low 1000, 10 and 1000000
//
// Middle and low begin with a word and are filled up with zeros. What the octets of several lists
// add up to bounds what their rows do, and is an eighth of the work or less.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "math/sparse_kernels.h"

namespace enlace {

inline constexpr std::size_t kTreeOctetRows = 8;
inline constexpr std::size_t kTreeGroupRows = 64;
inline constexpr std::size_t kTreeChunkRows = 4096;
inline constexpr std::size_t kTreeChunkOctets = kTreeChunkRows / kTreeOctetRows;

constexpr std::uint64_t row_chunks(std::uint64_t rows) noexcept {
  return (rows + kTreeChunkRows - 1) / kTreeChunkRows;
}

/// Whether a list of `size` rows of `rows` is a tree, and not one of index/row_lists.h.
constexpr bool is_tree(std::uint64_t rows, std::uint64_t size, std::uint64_t dense) noexcept {
  return size > 0 && size * dense >= rows;
}

/// What decides the size of a tree; counted row by row, rising.
struct RowTreeCounts {
  std::uint32_t rows = 0, octets = 0, groups = 0;
  std::uint32_t last = 0;  // the last row, plus 1

  void add(std::uint32_t row) noexcept {
    groups += rows == 0 || (last - 1) / kTreeGroupRows != row / kTreeGroupRows ? 1 : 0;
    octets += rows == 0 || (last - 1) / kTreeOctetRows != row / kTreeOctetRows ? 1 : 0;
    ++rows;
    last = row + 1;
  }
  /// The first word of the tree.
  std::uint64_t word() const noexcept { return groups | std::uint64_t{octets} << 32; }
};

/// The words of the tree over `rows` rows whose first word is `counts`.
constexpr std::uint64_t row_tree_words(std::uint64_t rows, std::uint64_t counts) noexcept {
  return 1 + row_chunks(rows) + ((counts & 0xFFFFFFFF) + 7) / 8 + ((counts >> 32) + 7) / 8;
}

/// The tree over `rows` rows that is all of `words`, which are borrowed.
/// Requires as many words as the first of them asks for.
inline BitTree row_tree(std::span<const std::uint64_t> words, std::uint64_t rows) noexcept {
  const std::uint64_t chunks = row_chunks(rows), groups = words[0] & 0xFFFFFFFF;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(words.data() + 1 + chunks);
  return {words.data() + 1, chunks, bytes, groups, bytes + (groups + 7) / 8 * 8, words[0] >> 32};
}

/// Writes the rows of some consecutive chunks: several threads may write parts of a tree at once.
class RowTreeWriter {
 public:
  RowTreeWriter() = default;
  /// `words` are those of the tree over `rows` rows, zero before anybody writes; borrowed. `all` is
  /// of the whole tree, `before` of the rows before those that are added.
  RowTreeWriter(std::uint64_t* words, std::uint64_t rows, const RowTreeCounts& all,
                const RowTreeCounts& before) noexcept
      : top_(words + 1) {
    auto* bytes = reinterpret_cast<std::uint8_t*>(top_ + row_chunks(rows));
    middle_ = bytes + before.groups;
    low_ = bytes + (all.groups + std::size_t{7}) / 8 * 8 + before.octets;
    if (before.rows == 0) words[0] = all.word();
  }

  /// Requires rows that rise, as many as were counted.
  void add(std::uint32_t row) noexcept {
    const RowTreeCounts before = here_;
    here_.add(row);
    if (here_.groups != before.groups) {
      top_[row / kTreeChunkRows] |= std::uint64_t{1} << row / kTreeGroupRows % 64;
    }
    middle_[here_.groups - 1] |= static_cast<std::uint8_t>(1U << row / kTreeOctetRows % 8);
    low_[here_.octets - 1] |= static_cast<std::uint8_t>(1U << row % 8);
  }
  void finish() noexcept {}

 private:
  std::uint64_t* top_ = nullptr;
  std::uint8_t *middle_ = nullptr, *low_ = nullptr;
  RowTreeCounts here_;
};

}  // namespace enlace
