// The bytes of an n-gram index: shared by its reader and its writer only.
//
// T terms, n rows in blocks of 65,536. A section file of kind "ngrams":
//
//   section        item  what
//   lengths           8  (u32 shortest, u32 longest) n-gram
//   letters           4  the code points of all rows, rising
//   keys              8  (T) the n-gram of each term (index/ngram_keys.h), rising
//   slots             4  open addressing (first_slot): a term, or 2^32 - 1 where the slot is free
//   idf               4  (T) f32
//   peaks             4  (T) f32: 1 + ln of the term's greatest count in a row
//   scales            4  (n, then zeros up to a multiple of 64) f32: what makes a row's weights
//                        have length 1; 0 if it has no terms
//   row starts        8  (n + 1) where the terms of a row begin in "row terms"
//   row terms         4  the terms of every row, rising
//   row extra starts  8  (n + 1) where the extras of a row begin in "row extras"
//   row extras        8  (u32 term, f32 ln count) for every count > 1, by row, then by term
//   list starts       8  (T + 1) where the lists of a term begin in "lists"
//   lists            16  (u64 begin, u32 block, u32 size): the rows of a block that have the term,
//                        by block. Those of fewer than 4,096 rows are postings[begin, begin +
//                        size), the others bitmaps[begin, begin + 1,024)
//   postings          2  rows less the first row of their block, rising within a list
//   bitmaps           8  bit i % 64 of word i / 64 for row i of the block
//   extra starts      8  (T + 1) where the extras of a term begin in "extras"
//   extras            8  (u32 row, f32 ln count) for every count > 1, by term, then by row
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace enlace::ngram_format {

inline constexpr std::string_view kKind = "ngrams";
inline constexpr std::size_t kBlockRows = 65536;  // so that a row within its block is a u16
inline constexpr std::size_t kGroup = 64;         // rows of a word of a bitmap
inline constexpr std::size_t kBitmapWords = kBlockRows / kGroup;
inline constexpr std::size_t kDenseSize = 4096;  // from here on a bitmap is no larger
inline constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();

struct Extra {
  std::uint32_t id;  // a term or a row
  float gain;        // ln count
};
static_assert(sizeof(Extra) == 8);

struct List {
  std::uint64_t begin;
  std::uint32_t block, size;
};
static_assert(sizeof(List) == 16);

/// What the repetitions of a term add to its weight; not too much for 64 bits, if gain <= 64.
inline std::int32_t gained(std::int32_t weight, float gain) noexcept {
  return static_cast<std::int32_t>(static_cast<std::int64_t>(double(weight) * double(gain)));
}

}  // namespace enlace::ngram_format
