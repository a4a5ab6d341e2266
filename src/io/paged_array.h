// Arrays of a mapped file whose checksums are verified page by page, when a page is first read.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace enlace {

/// Which pages of a mapping have been read and found right. Const use is thread-safe: two threads
/// may prove a page at once, with the same result.
class PageProofs {
 public:
  static constexpr std::size_t kPageBytes = 65536;

  /// `crcs[p]` is the CRC-32C of page p of `bytes`, the last of which may be shorter; there is one
  /// for every page. Both are borrowed. `name` is of the file, for messages.
  PageProofs(std::span<const std::byte> bytes, std::span<const std::uint32_t> crcs,
             std::string name);

  /// Proves the pages that hold [begin, begin + size), which lies in the mapping.
  /// Throws Error(kCorrupt) if a page does not have its checksum.
  void require(const std::byte* begin, std::size_t size) const {
    if (size == 0) return;
    const auto offset = std::size_t(begin - bytes_.data());
    const std::size_t last = (offset + size - 1) / kPageBytes;
    for (std::size_t page = offset / kPageBytes; page <= last; ++page) {
      if (!proved_[page].load(std::memory_order_relaxed)) prove(page);
    }
  }

  /// Throws Error(kCorrupt): something in the file points outside it.
  [[noreturn]] void refuse_range() const;

 private:
  void prove(std::size_t page) const;

  std::span<const std::byte> bytes_;
  std::span<const std::uint32_t> crcs_;
  std::string name_;
  std::unique_ptr<std::atomic<bool>[]> proved_;  // by page
};

/// An array of a paged section. A view: it lives as long as the file, whose moves it survives.
/// Const use is thread-safe.
template <class T>
class PagedArray {
 public:
  PagedArray() = default;
  PagedArray(std::span<const T> values, const PageProofs& pages) noexcept
      : values_(values), pages_(&pages) {}

  std::size_t size() const noexcept { return values_.size(); }

  /// Element i. Throws Error(kCorrupt) if its page is damaged or there is none: indexes come from
  /// files, too.
  const T& operator[](std::size_t i) const {
    if (i >= values_.size()) refuse();
    pages_->require(reinterpret_cast<const std::byte*>(values_.data() + i), sizeof(T));
    return values_[i];
  }

  /// The elements [begin, end). Throws Error(kCorrupt) as operator[] does, or if begin > end.
  std::span<const T> slice(std::size_t begin, std::size_t end) const {
    if (begin > end || end > values_.size()) refuse();
    pages_->require(reinterpret_cast<const std::byte*>(values_.data() + begin),
                    (end - begin) * sizeof(T));
    return values_.subspan(begin, end - begin);
  }

  /// All of it, proved.
  std::span<const T> all() const { return slice(0, values_.size()); }

  /// All of it as it stands in the file: for measuring and for reading ahead.
  std::span<const T> unproved() const noexcept { return values_; }

 private:
  [[noreturn]] void refuse() const;

  std::span<const T> values_;
  const PageProofs* pages_ = nullptr;
};

/// Throws Error(kCorrupt) for an array that has no file either.
[[noreturn]] void refuse_index(const PageProofs* pages);

template <class T>
void PagedArray<T>::refuse() const {
  refuse_index(pages_);
}

}  // namespace enlace
