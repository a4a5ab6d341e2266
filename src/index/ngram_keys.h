// The character n-grams of a string, as integers.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
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
};

/// Letters are the code points of an index, numbered from 1 in their order; 0 is any other one.
inline constexpr std::size_t kMaxLetters = 65535;

/// An n-gram: its letters in units of 16 bits, the last one in the lowest.
using NgramKey = std::uint64_t;

/// Whether Python's str.split() would split here (Unicode 15: bidirectional type WS, B or S, or
/// category Zs).
constexpr bool is_space(char32_t c) noexcept {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

/// The numbering of letters. Borrows the code points.
class Alphabet {
 public:
  Alphabet() = default;
  /// `code_points` rise and are at most kMaxLetters.
  explicit Alphabet(std::span<const std::uint32_t> code_points) noexcept
      : code_points_(code_points) {
    for (char32_t c = 0; c < ascii_.size(); ++c) ascii_[c] = search(c);
  }

  std::uint16_t letter(char32_t c) const noexcept {
    return c < ascii_.size() ? ascii_[c] : search(c);
  }

 private:
  std::uint16_t search(char32_t c) const noexcept {
    const auto at = std::lower_bound(code_points_.begin(), code_points_.end(), c);
    if (at == code_points_.end() || *at != c) return 0;
    return static_cast<std::uint16_t>(at - code_points_.begin() + 1);
  }

  std::span<const std::uint32_t> code_points_;
  std::array<std::uint16_t, 128> ascii_{};
};

/// Appends the key of every n-gram of `text`, repeated as often as it occurs. A word is what lies
/// between white space, with a space put before and after it; n-grams do not leave their word.
///
///   "a bc"  ->  words " a " and " bc "  ->  " a", "a ", " a ", " b", "bc", "c ", " bc", "bc ", "
///   bc "
///
/// N-grams with a code point outside the alphabet are left out. Requires well-formed UTF-8.
inline void append_ngrams(std::string_view text, const Alphabet& alphabet, NgramLengths lengths,
                          std::vector<NgramKey>& keys) {
  const std::uint16_t space = alphabet.letter(U' ');
  NgramKey window = 0;    // the last four letters
  std::size_t known = 0;  // how many of the last letters are in this word and in the alphabet
  bool inside = false;
  const auto push = [&](std::uint16_t letter) {
    window = window << 16 | letter;
    known = letter == 0 ? 0 : known + 1;
    for (std::size_t n = lengths.shortest; n <= std::min<std::size_t>(known, lengths.longest);
         ++n) {
      keys.push_back(n == kLongestNgram ? window : window & ((NgramKey{1} << 16 * n) - 1));
    }
  };
  const auto end_word = [&] {
    if (inside) push(space);
    inside = false;
  };
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    at += c.size;
    if (is_space(c.value)) {
      end_word();
      continue;
    }
    if (!inside) {
      known = 0;
      push(space);
      inside = true;
    }
    push(alphabet.letter(c.value));
  }
  end_word();
}

/// The slot at which the search for `key` begins, in a table of 2^n slots with linear probing.
constexpr std::size_t first_slot(NgramKey key, std::size_t slots) noexcept {
  key ^= key >> 32;
  key *= 0x9E3779B97F4A7C15U;
  return static_cast<std::size_t>(key >> 32) & (slots - 1);
}

}  // namespace enlace
