// From a string to its row, exactly: the distinct strings of a knowledge base in one mapped file.
//
// A section file of kind "strings":
//
//   section  item  what
//   offsets     8  n + 1 rising offsets into text; the first is 0, the last its size
//   slots       8  open addressing with linear probing; a power of two >= 2 n of them, each
//                  (u32 tag, u32 row): the upper half of hash_bytes(string) and the string's row,
//                  or row 2^32 - 1 where the slot is free; a search begins at the lower half
//   text        1  the strings one after another (bulk)
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "io/section_file.h"

namespace enlace {

/// Writes the file at `path`, which must not exist. Row i is strings[i]. Equal input gives equal
/// bytes. `made_from` is the fingerprint of what the strings come from. Returns the file's own.
///
/// Throws Error: kInvalidArgument, with the two rows, if two strings are equal or there are 2^32 -
/// 1 or more; kIo.
std::uint64_t write_string_index(const std::filesystem::path& path,
                                 std::span<const std::string_view> strings,
                                 std::uint64_t made_from);

/// An open file of distinct strings. Const is thread-safe; views live as long as the index.
class StringIndex {
 public:
  /// Throws as SectionFile::open does; kCorrupt too if an offset or a row is out of range.
  static StringIndex open(const std::filesystem::path& path);

  std::size_t size() const noexcept { return offsets_.size() - 1; }
  std::uint64_t made_from() const noexcept { return file_.made_from(); }
  std::uint64_t fingerprint() const noexcept { return file_.fingerprint(); }

  /// The row of `string`, if it is one of the strings. Cost: one or two cache misses.
  std::optional<std::uint32_t> find(std::string_view string) const noexcept;

  /// The string of `row`. Requires row < size().
  std::string_view text(std::uint32_t row) const noexcept {
    return text_.substr(offsets_[row], offsets_[row + 1] - offsets_[row]);
  }

  /// Throws Error(kCorrupt) unless every checksum of the file holds.
  void verify() const { file_.verify(); }

 private:
  struct Slot {
    std::uint32_t tag, row;
  };
  friend std::uint64_t write_string_index(const std::filesystem::path& path,
                                          std::span<const std::string_view> strings,
                                          std::uint64_t made_from);
  explicit StringIndex(SectionFile file);

  SectionFile file_;
  std::span<const std::uint64_t> offsets_;
  std::span<const Slot> slots_;
  std::string_view text_;
};

}  // namespace enlace
