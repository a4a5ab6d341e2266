// The bytes of an n-gram index: shared by its reader and its writer only.
//
// R rows. The terms are the n-grams of all rows; P of them are posted: there is a list of the rows
// that have one. An index is either exact, if every term is posted, or it has lists of trigrams
// only, from which rows are proposed. A section file of kind "ngrams2", paged but for the shape:
//
//   section              item  what
//   shape                  48  Shape, below
//   posted keys, posted frequencies, posted buckets
//                              the table of the posted terms (index/term_table.h)
//   other keys, other frequencies, other buckets
//                              that of all other terms
//   list starts             8  (P) the word of "lists" at which the list of each term begins
//   lists                   8  the rows of each posted term: as index/row_lists.h has it if exact;
//                              otherwise as a tree (index/row_trees.h) if it has R / dense rows or
//                              more, and else as row_lists.h has it if nothing is dense
//   scales                  4  (R, then zeros up to a multiple of 64) f32: what makes a row's
//                              weights have length 1; 0 if it has no terms
//   scale roots             1  none
//   extra starts            8  (P + 1; none unless exact) where the extras of a term begin
//   extras                  8  (u32 row, f32 ln count) for every count > 1, by term, then by row
//   row factors             2  (R, then zeros up to a multiple of 4096; only if not exact) what a
//                              sum of weights that counts every term once is multiplied by to
//                              estimate the cosine: the scale x the mean of 1 + ln count, that of a
//                              term weighted by idf^2; in units of the greatest / 65535, to the
//                              nearest, but 256 or more if the row has terms
//   octet factors           2  (an eighth of these) the greatest of each eight of them
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "index/ngram_keys.h"

namespace enlace::ngram_format {

inline constexpr std::string_view kKind = "ngrams2";
inline constexpr std::size_t kBlockRows = 65536;  // whose sums fit into a cache
inline constexpr std::size_t kGroup = 64;         // rows of a word of a bitmap

inline constexpr std::uint32_t kExact = 1, kProposing = 2;

struct Shape {
  std::uint64_t rows;      // R < 2^32 - 1
  std::uint64_t forms;     // rows whose form is not empty: n of the idf
  NgramLengths lengths;    // of all terms
  NgramLengths posted;     // of the posted ones, all of lengths if exact
  float peak;              // 1 + ln of the greatest count of a term in a row
  std::uint32_t dense;     // index/row_lists.h, and above
  std::uint32_t search;    // kExact, or kProposing; 0 had lists of other forms
  std::uint32_t borrowed;  // 1: n and df of the idf are those of another index; else 0
};
static_assert(sizeof(Shape) == 48 && offsetof(Shape, peak) == 32);

struct Extra {
  std::uint32_t row;
  float gain;  // ln count
};
static_assert(sizeof(Extra) == 8);

/// n in whole groups.
constexpr std::size_t padded(std::size_t n) noexcept {
  return (n + kGroup - 1) / kGroup * kGroup;
}

}  // namespace enlace::ngram_format
