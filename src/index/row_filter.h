// Which rows of an index a search may return.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace enlace {

/// A set of rows as a bitmap, or every row. Searches test it before they keep a row, so that k
/// neighbours come back whenever k allowed rows have a score.
class RowFilter {
 public:
  /// Allows every row of any index.
  RowFilter() = default;

  /// Allows none of the rows [0, rows) until allow() is called, and none above ever.
  explicit RowFilter(std::size_t rows) : everything_(false), words_((rows + 63) / 64) {}

  /// Requires a filter made with its number of rows, and row < rows.
  void allow(std::uint32_t row) noexcept {
    const std::uint64_t bit = std::uint64_t{1} << row % 64;
    count_ += (words_[row / 64] & bit) == 0 ? 1 : 0;
    words_[row / 64] |= bit;
  }

  /// Allows every one of the rows [0, rows), until forbid() is called.
  static RowFilter all(std::size_t rows) {
    RowFilter filter(rows);
    std::fill(filter.words_.begin(), filter.words_.end(), ~std::uint64_t{0});
    if (rows % 64 != 0) filter.words_.back() = (std::uint64_t{1} << rows % 64) - 1;
    filter.count_ = rows;
    return filter;
  }

  /// As allow(), the other way.
  void forbid(std::uint32_t row) noexcept {
    const std::uint64_t bit = std::uint64_t{1} << row % 64;
    count_ -= (words_[row / 64] & bit) == 0 ? 0 : 1;
    words_[row / 64] &= ~bit;
  }

  /// How many rows are allowed, of an index of `rows` at least as many as this was made with.
  std::size_t count(std::size_t rows) const noexcept { return everything_ ? rows : count_; }

  /// Calls visit(row) for every allowed row, rising. Requires !everything().
  template <class Visit>
  void visit(const Visit& visit) const {
    for (std::size_t word = 0; word < words_.size(); ++word) {
      for (std::uint64_t bits = words_[word]; bits != 0; bits &= bits - 1) {
        visit(static_cast<std::uint32_t>(64 * word + std::size_t(__builtin_ctzll(bits))));
      }
    }
  }

  /// Allows no row that `other` does not.
  void restrict_to(const RowFilter& other) {
    if (other.everything_) return;
    if (everything_) {
      *this = other;
      return;
    }
    words_.resize(std::min(words_.size(), other.words_.size()));
    for (std::size_t word = 0; word < words_.size(); ++word) words_[word] &= other.words_[word];
    count_ = 0;
    visit([&](std::uint32_t) { ++count_; });
  }

  /// The rows [begin, end) as the rows from 0 of an index of their own.
  RowFilter slice(std::size_t begin, std::size_t end) const {
    if (everything_) return {};
    RowFilter part(end - begin);
    for (std::size_t row = begin; row < end; ++row) {
      if (allows(row)) part.allow(std::uint32_t(row - begin));
    }
    return part;
  }

  bool everything() const noexcept { return everything_; }

  bool allows(std::size_t row) const noexcept {
    return everything_ || (row / 64 < words_.size() && (words_[row / 64] >> row % 64 & 1U) != 0);
  }

  /// Whether some row of [begin, end) may be allowed; true too often by at most 63 rows at each
  /// end.
  bool may_allow_within(std::size_t begin, std::size_t end) const noexcept {
    if (everything_) return begin < end;
    const std::size_t last = std::min((end + 63) / 64, words_.size());
    for (std::size_t word = begin / 64; word < last; ++word) {
      if (words_[word] != 0) return true;
    }
    return false;
  }

 private:
  bool everything_ = true;
  std::size_t count_ = 0;
  std::vector<std::uint64_t> words_;  // bit row % 64 of word row / 64
};

}  // namespace enlace
