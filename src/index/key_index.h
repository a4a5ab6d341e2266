// From a key to the numbers of everything that has it, exactly, without storing a key.
//
// A section file of kind "keys"; n numbers have a key, in the order of their keys' hashes
// (base/hash.h). Bucket b of B = n / 8 + 1 holds those whose hash h gives (h >> 32) x B >> 32 = b.
//
//   section  items       what (all paged)
//   starts   u32[B + 1]  where the entries of a bucket begin
//   tags     u8[n]       bits 24 .. 31 of the hash of each entry
//   ids      u32[n]      its number
//
// About 5.5 bytes an entry. Entries whose tag fits are compared key by key, so the answer is never
// a guess.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/form_hashes.h"
#include "io/section_file.h"

namespace enlace {

/// Writes the file at `path`, which must not exist. `made_from` is the fingerprint of what the keys
/// come from. Equal input gives equal bytes. Returns the file's fingerprint. Throws Error(kIo).
std::uint64_t write_key_index(const std::filesystem::path& path, const HashedForms& keys,
                              std::uint64_t made_from);

/// An open file of keys. Const is thread-safe. Opening reads almost nothing; accessors throw
/// Error(kCorrupt) where the file is damaged.
class KeyIndex {
 public:
  /// Throws as SectionFile::open does; kCorrupt if the sizes of sections disagree.
  static KeyIndex open(const std::filesystem::path& path);

  std::size_t size() const noexcept { return ids_.size(); }
  std::uint64_t made_from() const noexcept { return file_.made_from(); }
  std::uint64_t fingerprint() const noexcept { return file_.fingerprint(); }

  /// The numbers whose key is `key`, rising. `key_of` gives the key of a number, as it did when the
  /// index was written. Cost: two or three cache misses, and a call of key_of per answer.
  std::vector<std::uint32_t> find(std::string_view key, const FormOf& key_of) const;
  /// The same of many keys, whose waits for memory overlap.
  std::vector<std::vector<std::uint32_t>> find(std::span<const std::string> keys,
                                               const FormOf& key_of) const;
  /// The numbers whose key has the hash `hash` (base/hash.h), rising: for who does not know the
  /// key.
  std::vector<std::uint32_t> find_hash(std::uint64_t hash, const FormOf& key_of) const;

  /// Throws Error(kCorrupt) unless every checksum of the file holds.
  void verify() const { file_.verify(); }

 private:
  explicit KeyIndex(SectionFile file);
  template <class Fits>
  std::vector<std::uint32_t> find_fitting(std::uint64_t hash, const FormOf& key_of,
                                          const Fits& fits) const;
  void find_together(std::span<const std::string> keys, const FormOf& key_of,
                     std::span<std::vector<std::uint32_t>> found) const;

  SectionFile file_;
  PagedArray<std::uint32_t> starts_;
  PagedArray<std::uint8_t> tags_;
  PagedArray<std::uint32_t> ids_;
};

}  // namespace enlace
