// The pairs that a training run draws from, in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/progress.h"

namespace enlace {

/// Two texts that mean the same: rows of one label in a batch.
struct TextPair {
  std::uint32_t label;
  std::uint32_t kind;  // of pairs that are drawn alike: of two languages, or from one source
  std::string_view x, y;
};

/// Pairs, each with the code of what it means. Labels number the codes in the order they come.
class PairSet {
 public:
  /// A kind that no pair has, the next after all there are.
  std::uint32_t new_kind() noexcept { return kind_count_++; }
  std::uint32_t kind_count() const noexcept { return kind_count_; }

  /// Requires fewer than 2^32 pairs, and texts below 4 GiB.
  void add(std::string_view code, std::uint32_t kind, std::string_view x, std::string_view y);

  /// After the last add().
  void finish();

  std::size_t size() const noexcept { return entries_.size(); }
  TextPair pair(std::size_t i) const noexcept;

  std::size_t label_count() const noexcept { return codes_.size(); }
  const std::string& code(std::uint32_t label) const noexcept { return codes_[label]; }
  /// The numbers of the pairs of a label. Requires finish().
  std::span<const std::uint32_t> with_label(std::uint32_t label) const noexcept;

  /// A hash of all that was added.
  std::uint64_t fingerprint() const noexcept { return fingerprint_; }

 private:
  struct Entry {
    std::uint64_t begin;  // of x in the texts; y follows
    std::uint32_t x_size, y_size;
    std::uint32_t label, kind;
  };
  std::string texts_;
  std::vector<Entry> entries_;
  std::vector<std::string> codes_;
  std::unordered_map<std::string, std::uint32_t, StringHash, std::equal_to<>> labels_;
  std::vector<std::uint32_t> by_label_, label_starts_;
  std::uint32_t kind_count_ = 0;
  std::uint64_t fingerprint_ = 0;
};

/// Adds the lines `code||x||y` of a file, plain or gzip, to `set`, as pairs of one new kind.
///
/// Throws Error: kCorrupt, with the line, if it has not three fields, one of them is empty, or it
/// is not UTF-8; what LineReader throws; kCancelled.
void read_pairs(const std::filesystem::path& path, PairSet& set, const Progress& progress = {});

}  // namespace enlace
