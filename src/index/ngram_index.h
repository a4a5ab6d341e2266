// The rows whose strings share the most telling character n-grams with a query.
//
// The weights are those of scikit-learn's TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4),
// sublinear_tf=True), or another ngram_range: the terms of a string are the n-grams of
// index/ngram_keys.h; with n strings, of which df hold a term, and count occurrences of it in a
// string,
//
//   weight = (1 + ln count) idf,   idf = 1 + ln((1 + n) / (1 + df)),
//
// and every string's weights are scaled to length 1. The score of a row is the cosine. n and df may
// be those of another index, whose scores then compare with those here: a string has the same score
// in both, whatever else they hold.
// Strings are compared as they are: the caller normalises them, and the queries, alike.
//
// The index holds no strings; where it needs that of a row it asks the caller. With few rows it has
// a list of the rows of every term, and searches exactly. With many it has lists of trigrams only:
// they propose rows, of which the most promising are scored exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "index/form_of.h"
#include "index/ngram_format.h"
#include "index/ngram_keys.h"
#include "index/row_filter.h"
#include "index/row_lists.h"
#include "index/term_table.h"
#include "io/section_file.h"
#include "math/sparse_kernels.h"
#include "math/top_k.h"

namespace enlace {

class NgramIndex;

struct NgramIndexOptions {
  NgramLengths lengths = {};
  std::size_t workers = 1;
  std::uint32_t exact_rows = 1 << 20;  // an index of no more rows searches exactly
  const NgramIndex* learnt = nullptr;  // whose n and df count; null: those of the rows
};

/// Writes the index of the rows [0, rows) at `path`, which must not exist. `made_from` is the
/// fingerprint of what the strings come from. Returns the file's own. Equal input gives equal
/// bytes, whatever the number of `workers`.
///
/// Throws Error: kInvalidArgument if there are 2^32 - 1 rows or more; kCancelled; kIo; and what
/// `form` throws.
/// Cost: asks for every form twice. Memory: the lists, 16 bytes or a little more per worker and
/// term, and 4 bytes a row.
std::uint64_t write_ngram_index(const std::filesystem::path& path, std::uint32_t rows,
                                const FormOf& form, std::uint64_t made_from,
                                const NgramIndexOptions& options = {},
                                const Progress& progress = {});

/// A query's terms and their weights, ready for the index it was prepared by.
///
/// Weights are whole multiples of `unit`, so that their sums do not depend on the order of
/// additions; no row's sum is above 2^31 - 1.
struct NgramQuery {
  static constexpr std::uint32_t kNotPosted = 0xFFFFFFFF;

  struct Term {
    NgramKey key;
    std::uint32_t posted;     // its number among the posted terms, or kNotPosted
    std::uint32_t frequency;  // how many rows have it
    std::int32_t weight;      // what one occurrence adds to a row: query weight x idf
    float reach;              // if posted: weight, and a share of those of terms around it that
                              // are not; 0 if the index is exact
  };
  std::vector<Term> terms;  // distinct, in the order of the query
  float unit = 0;           // score = sum of weights x scale of the row x unit
};

/// What a search that is not exact may spend.
struct NgramEffort {
  std::size_t octets = 24'000;  // neighbouring eights of rows whose lists are read
  std::size_t rows = 800;       // rows scored exactly, at most; 4 k if that is more
};

/// Scratch memory of searches; one per thread, for any number of calls and indexes.
struct NgramWorkspace {
  struct Slot {
    NgramKey key;  // 0 where free
    std::uint32_t term;
  };
  struct Chosen {                        // octets, as math/sparse_kernels.h has them
    std::vector<std::uint32_t> numbers;  // rising
    std::vector<std::uint64_t> bits;     // bit octet % 64 of word octet / 64
    std::vector<std::uint64_t> groups;   // bit group % 64 of word group / 64
    std::vector<std::uint32_t> chunks;   // that have one
    std::vector<std::uint32_t> before;   // by word of bits: how many are in the words before
  };
  std::vector<Slot> slots;            // the terms of a query by key
  std::vector<std::uint32_t> counts;  // by term of the query; all 0 between rows
  std::vector<std::uint32_t> met;     // the terms of the query that a row has
  std::string form;
  std::vector<std::int32_t> sums;   // by row of a block
  std::vector<float> maxima;        // by group of 64 rows
  std::vector<std::uint64_t> hits;  // bit row % 64 of word row / 64
  // Of a search that is not exact, all of it written before it is read:
  std::vector<std::uint8_t> octet_sums;
  std::vector<TreePlace> places;         // by tree and chunk, and one more chunk
  std::vector<std::uint32_t> list_rows;  // of the lists that are no trees
  std::vector<std::uint32_t> found;      // octets of a block and their products
  Chosen chosen;
  std::vector<std::uint16_t> row_sums;  // by row of a chosen octet
};

/// An open n-gram index. Const is thread-safe. All functions that read it throw Error(kCorrupt) if
/// what they read is damaged; a file that was made to be wrong may give wrong answers, but no
/// worse.
class NgramIndex {
 public:
  /// `learnt`: the index whose n and df count in this one, if it was written so; else not used.
  /// Throws as SectionFile::open does; kCorrupt too if the sizes of sections disagree, or that
  /// index is missing; kUnsupported if an earlier version wrote it, for many rows.
  /// Cost: reads a few pages.
  static NgramIndex open(const std::filesystem::path& path, NgramEffort effort = {},
                         std::shared_ptr<const NgramIndex> learnt = nullptr);

  std::size_t size() const noexcept { return shape_.rows; }  // R
  std::size_t terms() const noexcept { return posted_.size() + others_.size(); }
  bool exact() const noexcept { return shape_.search == ngram_format::kExact; }
  std::uint64_t made_from() const noexcept { return file_.made_from(); }
  std::uint64_t fingerprint() const noexcept { return file_.fingerprint(); }

  /// The terms of `query`, which must be well-formed UTF-8. N-grams that no row has do not count:
  /// none here, nor where n and df come from, nor in `beside`, an index that took them from here.
  NgramQuery prepare(std::string_view query, const NgramIndex* beside = nullptr) const;

  /// The idf of a term by the n and df of this index, in whose rows it may be or not.
  float idf(NgramKey term) const;

  /// 1 + ln of the greatest count of a term in a row, or more.
  float peak() const noexcept { return shape_.peak; }

  /// The k rows of `filter` with the highest cosine to the query, best first, ties by row; fewer if
  /// fewer have a term in common with it. If exact() the same as scoring every row. Otherwise most
  /// of the same rows, always with their right scores; and rows that share nothing posted with the
  /// query may be missing if many are allowed. `form` is what the index was written with.
  std::vector<Neighbour> search(const NgramQuery& query, std::size_t k, const FormOf& form,
                                const RowFilter& filter, NgramWorkspace& workspace) const;
  std::vector<Neighbour> search(std::string_view query, std::size_t k, const FormOf& form,
                                const RowFilter& filter = {}) const;

  /// search() of every query, shared by `workers` threads. Results do not depend on their number.
  std::vector<std::vector<Neighbour>> search(std::span<const std::string_view> queries,
                                             std::size_t k, const FormOf& form,
                                             const RowFilter& filter, std::size_t workers) const;

  /// The cosine of the query with each of `rows`, bit for bit as search() gives it.
  /// Requires every row < size().
  std::vector<float> score(const NgramQuery& query, std::span<const std::uint32_t> rows,
                           const FormOf& form, NgramWorkspace& workspace) const;

  /// Throws Error(kCorrupt) unless every checksum of the file holds.
  void verify() const { file_.verify(); }

 private:
  NgramIndex(SectionFile file, NgramEffort effort, std::shared_ptr<const NgramIndex> learnt);
  void check() const;

  /// A term of the rows.
  struct Found {
    std::uint32_t posted;  // its number, or NgramQuery::kNotPosted
    std::uint32_t frequency;
  };
  std::optional<Found> find(NgramKey term, bool posted) const;
  void share_weights(std::string_view query, std::span<NgramQuery::Term> terms) const;

  /// The list of a posted term.
  struct List {
    RowListShape shape;
    std::span<const std::uint64_t> words;
  };
  List list(const NgramQuery::Term& term) const;
  /// Whether its list is a tree instead.
  bool has_tree(const NgramQuery::Term& term) const noexcept;
  BitTree tree(const NgramQuery::Term& term) const;
  float scale(std::uint32_t row) const;
  friend class NgramScorer;
  friend class ExactNgramSearch;
  friend struct NgramLists;
  friend class NgramShortlist;

  SectionFile file_;
  ngram_format::Shape shape_;
  NgramEffort effort_;
  std::shared_ptr<const NgramIndex> learnt_;  // null: n and df are its own
  TermTable posted_, others_;
  PagedArray<std::uint64_t> list_starts_;
  PagedArray<std::uint64_t> lists_;
  PagedArray<float> scales_;
  PagedArray<std::uint64_t> extra_starts_;
  PagedArray<ngram_format::Extra> extras_;
  PagedArray<std::uint16_t> row_factors_, octet_factors_;
};

}  // namespace enlace
