// The character n-grams of a string, as integers.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/utf8.h"

namespace enlace {

inline constexpr std::size_t kLongestNgram = 4;

/// Lengths of n-grams, in code points: 1 <= shortest <= longest <= kLongestNgram.
struct NgramLengths {
  std::uint32_t shortest = 2;
  std::uint32_t longest = 4;

  bool valid() const noexcept {
    return 1 <= shortest && shortest <= longest && longest <= kLongestNgram;
  }
  bool has(std::uint32_t length) const noexcept { return shortest <= length && length <= longest; }
  bool operator==(const NgramLengths&) const = default;
};

/// An n-gram as a number that looks random and is never 0. Two n-grams of at most three code points
/// never have the same; one of four has that of another with a chance of 2^-63.
using NgramKey = std::uint64_t;

/// Whether Python's str.split() would split here (Unicode 15: bidirectional type WS, B or S, or
/// category Zs).
constexpr bool is_space(char32_t c) noexcept {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

/// The n-grams that end at the last of the code points pushed.
class NgramWindow {
 public:
  void push(char32_t c) noexcept {
    before_ = last_;
    last_ = (last_ << 21 | (std::uint64_t{c} + 1)) & kThree;
  }

  /// The n-gram of the last `length` code points, which must have been pushed.
  NgramKey key(std::size_t length) const noexcept {
    if (length < kLongestNgram) return mixed(last_ & ((std::uint64_t{1} << 21 * length) - 1));
    return mixed((mixed(before_ >> 21) + (last_ & kTwo)) | ~kThree);
  }

 private:
  static constexpr std::uint64_t kTwo = (std::uint64_t{1} << 42) - 1;
  static constexpr std::uint64_t kThree = (std::uint64_t{1} << 63) - 1;

  /// One to one.
  static constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
    x ^= x >> 32;
    x *= 0x9E3779B97F4A7C15U;
    return x ^ x >> 32;
  }

  std::uint64_t last_ = 0;    // three code points, each plus 1, in units of 21 bits
  std::uint64_t before_ = 0;  // the three that ended one earlier
};

/// Calls visit(key, length) for every n-gram of `text`, as often as it occurs. A word is what lies
/// between white space, with a space put before and after it; n-grams do not leave their word.
///
///   "a bc"  ->  words " a " and " bc "  ->  " a", "a ", " a ", " b", "bc", "c ", " bc", "bc ", "
///   bc "
///
/// Requires well-formed UTF-8.
template <class Visit>
void visit_ngrams(std::string_view text, NgramLengths lengths, const Visit& visit) {
  NgramWindow window;
  std::size_t known = 0;  // how many of the last code points are in this word
  const auto push = [&](char32_t c) {
    window.push(c);
    ++known;
    for (std::size_t n = lengths.shortest; n <= std::min<std::size_t>(known, lengths.longest);
         ++n) {
      visit(window.key(n), static_cast<std::uint32_t>(n));
    }
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const CodePoint c = byte < 0x80 ? CodePoint{byte, 1} : decode_utf8(text, at);
    at += c.size;
    if (is_space(c.value)) {
      if (known > 0) push(U' ');
      known = 0;
      continue;
    }
    if (known == 0) push(U' ');
    push(c.value);
  }
  if (known > 0) push(U' ');
}

/// The distinct n-grams of one text after another, each with its count.
class NgramCounts {
 public:
  struct Ngram {
    NgramKey key;
    std::uint32_t length;
    std::uint32_t count;
  };

  /// Those of `text`, in the order of their first occurrence; valid until the next call.
  const std::vector<Ngram>& of(std::string_view text, NgramLengths lengths) {
    // A text has at most 6 n-grams per byte (one letter), so that there are free slots.
    const std::size_t slots = std::bit_ceil(std::max<std::size_t>(64, 8 * text.size()));
    if (slots_.size() < slots) slots_.resize(slots);
    std::fill_n(slots_.begin(), slots, 0U);
    ngrams_.clear();
    visit_ngrams(text, lengths, [&](NgramKey key, std::uint32_t length) {
      std::size_t slot = key & (slots - 1);
      while (slots_[slot] != 0 && ngrams_[slots_[slot] - 1].key != key) {
        slot = (slot + 1) & (slots - 1);
      }
      if (slots_[slot] == 0) {
        ngrams_.push_back({key, length, 0});
        slots_[slot] = static_cast<std::uint32_t>(ngrams_.size());
      }
      ++ngrams_[slots_[slot] - 1].count;
    });
    return ngrams_;
  }

 private:
  std::vector<Ngram> ngrams_;
  std::vector<std::uint32_t> slots_;  // the number of an n-gram, from 1; 0 where free
};

}  // namespace enlace
