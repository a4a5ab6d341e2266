// How one code point is written in the matching form.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/language_tables.h"

namespace enlace {

/// Maps a code point to its lower case, decomposed (NFKD), without combining marks (characters of
/// a combining class other than 0), each separator as one space. None of it depends on the
/// neighbours, since the order of marks does not matter once they are gone; the one exception, the
/// final sigma, is the caller's.
class FoldTable {
 public:
  /// Unicode only.
  FoldTable();

  /// Letters of the base table and of `language` respelt as well, and upper case that came out of
  /// a decomposition (℃) lowered. A letter that both tables have follows `language`.
  explicit FoldTable(const LanguageTable& language);

  /// What `c` becomes; may be empty. Borrows from the table or from `buffer`, until its next use.
  std::string_view fold(char32_t c, std::string& buffer) const {
    if (c < kTabled) return {pool_.data() + slices_[c].begin, slices_[c].size};
    buffer.clear();
    fold_untabled(c, buffer);
    return buffer;
  }

  /// The same for c < 0x80, which always becomes one byte.
  char fold_ascii(unsigned char c) const noexcept { return ascii_[c]; }

 private:
  struct Slice {
    std::uint32_t begin;
    std::uint32_t size;
  };
  static constexpr char32_t kTabled = 0x3000;  // everything below is looked up

  void build();
  void fold_untabled(char32_t c, std::string& out) const;

  std::vector<LetterRule> letters_;  // the later of two rules for one letter wins
  bool respell_ = false;
  std::array<char, 0x80> ascii_{};
  std::vector<Slice> slices_;
  std::string pool_;
};

}  // namespace enlace
