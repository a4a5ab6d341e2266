// Rising lists of rows in few bits, readable in place.
//
// A list of s rows of R takes whole 64-bit words, and one of three forms. Only its size says which:
//
//   bitmap      if s x dense >= R: bit row % 64 of word row / 64; ceil(R / 64) words
//   Elias-Fano  otherwise, with l = floor(log2(R / s)):
//                 low    bits [i l, (i + 1) l) are the l lowest bits of row i; ceil(s l / 64) words
//                 high   bit i + (row i >> l) is set for every i; ceil((s + (R >> l) + 1) / 64)
//                        words, which begin after those of low
//   nothing     if s = 0
//
//   R = 16, rows 3 and 9, dense = 4: l = 3; low 011 001 -> bits 3 | 1 << 3; high bits 0 + 0 and
//   1 + 1
//
// Elias 1974, Fano 1971; about 2 + l bits a row, which is within half a bit of the least possible.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace enlace {

/// The form of a list of `size` rows in [0, rows). Requires size <= rows < 2^32.
struct RowListShape {
  RowListShape(std::uint64_t rows, std::uint64_t size, std::uint64_t dense) noexcept;

  std::uint64_t words() const noexcept { return low_words + high_words; }

  std::uint32_t size;
  std::uint32_t low_bits = 0;    // l
  std::uint64_t low_words = 0;   // 0 for a bitmap
  std::uint64_t high_words = 0;  // all words of a bitmap
  bool bitmap = false;
};

/// Writes rows into the words of a list, some consecutive ones of its rows each time: several
/// threads may write parts of a list, or lists that lie side by side, at once.
class RowListWriter {
 public:
  RowListWriter() = default;
  /// Row number `begin` of the list is what add() is given first. `words` are those of the list,
  /// zero before anybody writes; borrowed.
  RowListWriter(std::uint64_t* words, const RowListShape& shape, std::uint32_t begin) noexcept
      : words_(words), low_bits_(shape.low_bits), bitmap_(shape.bitmap), next_(begin) {
    high_begin_ = shape.low_words;
  }

  /// Requires rows that rise, and no more than the list has.
  void add(std::uint32_t row) noexcept {
    if (bitmap_) {
      put(high_, row / 64, std::uint64_t{1} << row % 64);
      return;
    }
    if (low_bits_ > 0) {
      const std::uint64_t low = row & ((std::uint64_t{1} << low_bits_) - 1);
      const std::uint64_t at = std::uint64_t{next_} * low_bits_;
      put(low_, at / 64, low << at % 64);
      if (at % 64 + low_bits_ > 64) put(low_, at / 64 + 1, low >> (64 - at % 64));
    }
    const std::uint64_t at = (row >> low_bits_) + std::uint64_t{next_};
    put(high_, high_begin_ + at / 64, std::uint64_t{1} << at % 64);
    ++next_;
  }

  /// Must be called after the last row.
  void finish() noexcept {
    flush(low_);
    flush(high_);
  }

 private:
  /// A word that is not yet written.
  struct Pending {
    std::uint64_t at = 0, bits = 0;
  };

  void put(Pending& pending, std::uint64_t at, std::uint64_t bits) noexcept {
    if (at != pending.at) {
      flush(pending);
      pending.at = at;
    }
    pending.bits |= bits;
  }
  void flush(Pending& pending) noexcept {
    if (pending.bits == 0) return;
    // Others may write other bits of the same word.
    __atomic_fetch_or(words_ + pending.at, pending.bits, __ATOMIC_RELAXED);
    pending.bits = 0;
  }

  std::uint64_t* words_ = nullptr;
  std::uint64_t high_begin_ = 0;
  Pending low_, high_;
  std::uint32_t low_bits_ = 0;
  bool bitmap_ = false;
  std::uint32_t next_ = 0;
};

/// Reads an Elias-Fano list front to back, range by range. Whatever its words hold, it stays within
/// them and tells no row twice for the same bit.
class RowListCursor {
 public:
  /// Borrows `words`, which are shape.words(). Requires that the list is no bitmap.
  RowListCursor(std::span<const std::uint64_t> words, const RowListShape& shape) noexcept
      : low_(reinterpret_cast<const unsigned char*>(words.data())),
        high_(words.data() + shape.low_words),
        high_end_(words.data() + words.size()),
        left_(shape.size),
        low_bits_(shape.low_bits) {
    if (high_ == high_end_) left_ = 0;
    word_ = left_ > 0 ? *high_ : 0;
  }

  /// Calls visit(row - first) for every row in [first, end) from where the last call stopped.
  /// Requires end - first < 2^32.
  template <class Visit>
  void visit(std::uint64_t first, std::uint64_t end, const Visit& visit) noexcept {
    const std::uint64_t mask = (std::uint64_t{1} << low_bits_) - 1;
    // Copies, which a visit that writes to memory cannot change.
    std::uint64_t word = word_, low_at = low_at_, base = base_;
    const std::uint64_t* high = high_;
    std::uint32_t left = left_;
    while (left > 0) {
      while (word == 0) {
        if (++high == high_end_) {
          left_ = 0;
          return;
        }
        word = *high;
        base += 64;
      }
      const std::uint64_t quotient = base + std::uint64_t(__builtin_ctzll(word));
      std::uint64_t low;  // at most 7 + 32 bits of it matter; the words of high lie behind
      std::memcpy(&low, low_ + low_at / 8, sizeof low);
      const std::uint64_t row = quotient << low_bits_ | (low >> low_at % 8 & mask);
      const std::uint64_t offset = row - first;
      if (offset < end - first) {
        visit(static_cast<std::uint32_t>(offset));
      } else if (row >= end) {
        break;
      }
      word &= word - 1;
      low_at += low_bits_;
      --base;  // the next bit stands one further than its row says
      --left;
    }
    word_ = word;
    low_at_ = low_at;
    base_ = base;
    high_ = high;
    left_ = left;
  }

 private:
  const unsigned char* low_;
  const std::uint64_t *high_, *high_end_;
  std::uint64_t word_ = 0;    // what is left of *high_
  std::uint64_t low_at_ = 0;  // the bit at which the low bits of the next row begin
  std::uint64_t base_ = 0;    // row >> low_bits_ of bit 0 of the word; modulo 2^64
  std::uint32_t left_;
  std::uint32_t low_bits_;
};

inline RowListShape::RowListShape(std::uint64_t rows, std::uint64_t list_size,
                                  std::uint64_t dense) noexcept
    : size(static_cast<std::uint32_t>(list_size)) {
  if (size == 0) return;
  if (list_size * dense >= rows) {
    bitmap = true;
    high_words = (rows + 63) / 64;
    return;
  }
  low_bits = static_cast<std::uint32_t>(std::bit_width(rows / list_size) - 1);
  low_words = (list_size * low_bits + 63) / 64;
  high_words = (list_size + (rows >> low_bits) + 1 + 63) / 64;
}

}  // namespace enlace
