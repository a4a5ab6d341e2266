// Which of numbered things have the same form, so that an index need hold only the first of them.
//
// A section file of kind "forms"; T numbers, m of them "others": not the first with their form.
//
//   section   items                what (all paged)
//   others    u64[T / 64 + 1]      bit i % 64 of word i / 64: whether i is one
//   ranks     u32[T / 512 + 1]     how many others there are below 512 j
//   firsts    u32[m]               the first number with the same form, of each other, by number
//   members   u32[m]               the others, by their firsts, then by number
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "index/form_hashes.h"
#include "io/section_file.h"

namespace enlace {

/// Writes the file at `path`, which must not exist, for the numbers 0 … count - 1 with the forms
/// `forms`. `form_of` gives them again: forms of equal hashes are compared. Numbers without a form
/// count as the first of theirs. Does not depend on `workers`. Returns the file's fingerprint.
/// Throws Error(kIo), and what `form_of` throws.
std::uint64_t write_equal_forms(const std::filesystem::path& path, std::uint32_t count,
                                const HashedForms& forms, const FormOf& form_of,
                                std::uint64_t made_from, std::size_t workers = 1);

/// An open file of equal forms. Const is thread-safe; accessors throw Error(kCorrupt) where the
/// file is damaged.
class EqualForms {
 public:
  /// Throws as SectionFile::open does; kCorrupt if it is not of `count` numbers.
  static EqualForms open(const std::filesystem::path& path, std::uint32_t count);

  /// The least number with the form of `id`. Requires id < count. Constant time.
  std::uint32_t first_of(std::uint32_t id) const;
  bool is_first(std::uint32_t id) const { return (others_[id / 64] >> id % 64 & 1U) == 0; }

  /// All numbers with the form of `first`, rising. Requires is_first(first). O(log count).
  std::vector<std::uint32_t> all_of(std::uint32_t first) const;

  std::size_t others() const noexcept { return firsts_.size(); }
  std::uint64_t made_from() const noexcept { return file_.made_from(); }
  std::uint64_t fingerprint() const noexcept { return file_.fingerprint(); }

  /// Throws Error(kCorrupt) unless every checksum of the file holds.
  void verify() const { file_.verify(); }

 private:
  explicit EqualForms(SectionFile file);

  SectionFile file_;
  PagedArray<std::uint64_t> others_;
  PagedArray<std::uint32_t> ranks_, firsts_, members_;
};

}  // namespace enlace
