// The rows whose strings share the most telling character n-grams with a query.
//
// The weights are those of scikit-learn's TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4),
// sublinear_tf=True), or another ngram_range: the terms of a string are the n-grams of
// index/ngram_keys.h; with n rows, of which df hold a term, and count occurrences of it in a
// string,
//
//   weight = (1 + ln count) idf,   idf = 1 + ln((1 + n) / (1 + df)),
//
// and every string's weights are scaled to length 1. The score of a row is the cosine.
// Strings are compared as they are: the caller normalises them, and the queries, alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "index/ngram_format.h"
#include "index/ngram_keys.h"
#include "index/row_filter.h"
#include "io/section_file.h"
#include "math/top_k.h"

namespace enlace {

struct NgramIndexOptions {
  NgramLengths lengths = {};
  std::size_t workers = 1;
};

/// Writes the index of `strings` at `path`, which must not exist; row i is strings[i]. `made_from`
/// is the fingerprint of what the strings come from. Returns the file's own. Equal input gives
/// equal bytes, whatever the number of `workers`.
///
/// Requires well-formed UTF-8. Throws Error: kInvalidArgument if there are 2^32 - 1 strings or
/// more; kUnsupported if they have more than 65,535 distinct code points; kCancelled; kIo.
/// Cost: about 24 bytes of memory per distinct (row, term).
std::uint64_t write_ngram_index(const std::filesystem::path& path,
                                std::span<const std::string_view> strings, std::uint64_t made_from,
                                const NgramIndexOptions& options = {},
                                const Progress& progress = {});

/// A query's terms and their weights, ready for the index it was prepared by.
///
/// Weights are whole multiples of `unit`, so that their sums do not depend on the order of
/// additions; no row's sum is above 2^31 - 1.
struct NgramQuery {
  struct Term {
    std::uint32_t term;
    std::int32_t weight;  // what one occurrence of the term adds to a row: query weight x idf
  };
  std::vector<Term> terms;  // by rising term
  float unit = 0;           // score = sum of weights x scale of the row x unit
};

/// Scratch memory of searches; one per thread, for any number of calls and indexes.
struct NgramWorkspace {
  std::vector<std::int32_t> weights;  // by term; all 0 between calls
  std::vector<std::int32_t> sums;     // by row of a block
  std::vector<float> maxima;          // by group of 64 rows
  std::vector<std::uint64_t> hits;    // bit row % 64 of word row / 64
};

/// An open n-gram index. Const is thread-safe.
class NgramIndex {
 public:
  /// Throws as SectionFile::open does; kCorrupt too if sections disagree or an id is out of range.
  /// Cost: reads the file once.
  static NgramIndex open(const std::filesystem::path& path);

  std::size_t size() const noexcept { return row_starts_.size() - 1; }  // n
  std::size_t terms() const noexcept { return keys_.size(); }           // T
  std::uint64_t made_from() const noexcept { return file_.made_from(); }
  std::uint64_t fingerprint() const noexcept { return file_.fingerprint(); }

  /// The terms of `query`, which must be well-formed UTF-8. N-grams that no row has do not count.
  NgramQuery prepare(std::string_view query) const;

  /// The k rows of `filter` with the highest cosine to the query, best first, ties by row; fewer if
  /// fewer have a term in common with it. Exact: the same as scoring every row.
  std::vector<Neighbour> search(const NgramQuery& query, std::size_t k, const RowFilter& filter,
                                NgramWorkspace& workspace) const;
  std::vector<Neighbour> search(std::string_view query, std::size_t k,
                                const RowFilter& filter = {}) const;

  /// search() of every query, shared by `workers` threads. Results do not depend on their number.
  std::vector<std::vector<Neighbour>> search(std::span<const std::string_view> queries,
                                             std::size_t k, const RowFilter& filter,
                                             std::size_t workers) const;

  /// The cosine of the query with each of `rows`, bit for bit as search() gives it.
  /// Requires every row < size().
  std::vector<float> score(const NgramQuery& query, std::span<const std::uint32_t> rows,
                           NgramWorkspace& workspace) const;

  /// Throws Error(kCorrupt) unless every checksum of the file holds.
  void verify() const { file_.verify(); }

 private:
  explicit NgramIndex(SectionFile file);
  void check() const;
  void check_lists() const;
  std::uint32_t find_term(NgramKey key) const noexcept;
  std::int32_t sum_of_row(std::uint32_t row,
                          const std::vector<std::int32_t>& weights) const noexcept;
  friend class NgramSearch;

  SectionFile file_;
  Alphabet alphabet_;
  NgramLengths lengths_;
  std::span<const NgramKey> keys_;
  std::span<const std::uint32_t> slots_;
  std::span<const float> idf_, peaks_, scales_;
  std::span<const std::uint64_t> row_starts_;
  std::span<const std::uint32_t> row_terms_;
  std::span<const std::uint64_t> row_extra_starts_;
  std::span<const ngram_format::Extra> row_extras_;
  std::span<const std::uint64_t> list_starts_;
  std::span<const ngram_format::List> lists_;
  std::span<const std::uint16_t> postings_;
  std::span<const std::uint64_t> bitmaps_;
  std::span<const std::uint64_t> extra_starts_;
  std::span<const ngram_format::Extra> extras_;
};

}  // namespace enlace
