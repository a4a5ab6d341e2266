// A numbered list of strings inside a mapped file: where each begins, and all their bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "io/section_file.h"

namespace enlace {

/// String i begins at byte bases[i / 65,536] + offsets[i] and ends where i + 1 begins. Three paged
/// sections: NAME.bases u64[n / 65,536 + 1], NAME.offsets u32[n + 1], NAME.bytes char[]. A view: it
/// lives as long as its file. Const use is thread-safe.
class StringTable {
 public:
  static constexpr std::uint32_t kPerBase = 65536;

  StringTable() = default;
  /// The table called `name`. Throws Error(kCorrupt) if there is none or its sizes disagree.
  StringTable(const SectionFile& file, const std::string& name);

  std::uint32_t size() const noexcept { return std::uint32_t(offsets_.size() - 1); }

  /// Throws Error(kCorrupt) if the string lies in a damaged page, or there is none.
  std::string_view operator[](std::uint32_t i) const {
    const auto text = bytes_.slice(std::size_t(begin(i)), std::size_t(begin(i + 1)));
    return {text.data(), text.size()};
  }

  /// Asks memory for where string i begins, or, some time later, for its bytes. Advice only.
  void ask_where(std::uint32_t i) const noexcept {
    __builtin_prefetch(offsets_.unproved().data() + i);
  }
  void ask(std::uint32_t i) const noexcept {
    if (i >= offsets_.size()) return;
    const char* bytes =
        bytes_.unproved().data() + bases_.unproved()[i / kPerBase] + offsets_.unproved()[i];
    __builtin_prefetch(bytes);
    __builtin_prefetch(bytes + 64);
  }

  /// The number of `text` in a table that is sorted by bytes. O(log size). Throws as operator[].
  std::optional<std::uint32_t> find(std::string_view text) const;

  /// Tells the system that strings far apart will be read.
  void advise_random() const noexcept;

 private:
  std::uint64_t begin(std::uint32_t i) const { return bases_[i / kPerBase] + offsets_[i]; }

  PagedArray<std::uint64_t> bases_;
  PagedArray<std::uint32_t> offsets_;
  PagedArray<char> bytes_;
};

/// Writes the three sections of a table called `name`: add() each string, then finish().
class StringTableWriter {
 public:
  StringTableWriter(SectionWriter& file, std::string name) : file_(file), name_(std::move(name)) {
    file_.begin(name_ + ".bytes", 1, SectionRole::kPaged);
  }
  void add(std::string_view text);
  void finish();

 private:
  void mark();

  SectionWriter& file_;
  std::string name_;
  std::vector<std::uint64_t> bases_;
  std::vector<std::uint32_t> offsets_;
  std::uint64_t size_ = 0;
};

}  // namespace enlace
