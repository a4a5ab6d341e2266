// How an n-gram index is made in the memory of its lists: the forms are read twice.
//
// Each worker has a range of rows. The first time it counts in how many of its rows each term is;
// from all counts follow the terms, the place of each list, and where in a list the rows of a
// worker begin. The second time the workers write their rows there, and each row's scale.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/parallel.h"
#include "index/ngram_index.h"
#include "index/ngram_weights.h"
#include "index/row_trees.h"
#include "index/term_map.h"

namespace enlace {

using namespace ngram_format;  // NOLINT(google-build-using-namespace): the bytes of this file

namespace {

constexpr std::uint32_t kNotPosted = NgramQuery::kNotPosted;
constexpr std::size_t kRowsPerReport = 4096;

// Lists of more than every so-many-th row are bitmaps, which are added up faster.
constexpr std::uint32_t kDenseIfExact = 16;
// Lists of more than that are trees, which are smaller than others and bound what they add up to.
constexpr std::uint32_t kDense = 256;

constexpr NgramLengths kPosted{3, 3};

/// Terms and frequencies by rising key.
struct Terms {
  std::vector<NgramKey> keys;
  std::vector<std::uint32_t> frequencies;
};

using Frequencies = TermMap<std::uint32_t>;
template <class Count>
using Counted = std::vector<typename TermMap<Count>::Entry>;

std::uint32_t rows_of(std::uint32_t rows) noexcept {
  return rows;
}
std::uint32_t rows_of(const RowTreeCounts& counts) noexcept {
  return counts.rows;
}

/// Adds up what the workers counted. `visit(term, worker, count)` hears of every part.
template <class Entry, class Visit>
Terms merged(const std::vector<std::vector<Entry>>& parts, const Visit& visit) {
  Terms terms;
  std::vector<std::size_t> at(parts.size());
  while (true) {
    NgramKey least = 0;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      if (at[part] == parts[part].size()) continue;
      const NgramKey key = parts[part][at[part]].key;
      if (least == 0 || key < least) least = key;
    }
    if (least == 0) return terms;
    std::uint32_t frequency = 0;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      if (at[part] == parts[part].size() || parts[part][at[part]].key != least) continue;
      const auto& of_part = parts[part][at[part]++].value;
      visit(terms.keys.size(), part, of_part);
      frequency += rows_of(of_part);
    }
    terms.keys.push_back(least);
    terms.frequencies.push_back(frequency);
  }
}

class NgramWriter {
 public:
  NgramWriter(std::uint32_t rows, const FormOf& form, const NgramIndexOptions& options,
              const Progress& progress)
      : rows_(rows),
        form_(form),
        progress_(progress),
        learnt_(options.learnt),
        parts_(std::max<std::size_t>(options.workers, 1)) {
    shape_.rows = rows;
    shape_.lengths = options.lengths;
    shape_.search = rows <= options.exact_rows ? kExact : kProposing;
    const bool all = exact() || !options.lengths.has(kPosted.shortest);
    shape_.posted = all ? options.lengths : kPosted;
    shape_.dense = exact() ? kDenseIfExact : kDense;
    shape_.borrowed = learnt_ != nullptr ? 1 : 0;
    if (learnt_ != nullptr) shape_.peak = learnt_->peak();
    scales_.resize(padded(rows));
    if (!exact()) factors_.resize(row_chunks(rows) * kTreeChunkRows);
  }

  void make() {
    parallel_for(parts_.size(), parts_.size(),
                 [&](std::size_t worker, std::size_t part) { count(worker, part); });
    gather();
    parallel_for(parts_.size(), parts_.size(),
                 [&](std::size_t worker, std::size_t part) { post(worker, part); });
    for (const Part& part : parts_) shape_.peak = std::max(shape_.peak, 1 + gain_of(part.most));
  }

  std::uint64_t write(const std::filesystem::path& path, std::uint64_t made_from) {
    progress_.tell("writing n-grams", rows_, rows_);
    SectionWriter file(path, kKind, made_from);
    file.add_value("shape", shape_);
    write_term_table(file, "posted", posted_.keys, posted_.frequencies);
    write_term_table(file, "other", others_.keys, others_.frequencies);
    file.add_paged("list starts", list_starts_);
    file.add_paged("lists", lists_);
    file.add_paged("scales", scales_);
    file.add_paged("scale roots", std::vector<std::uint8_t>());
    write_extras(file);
    if (!exact()) write_factors(file);
    return file.finish();
  }

 private:
  bool exact() const noexcept { return shape_.search == kExact; }

  struct TermExtra {
    std::uint32_t term;
    Extra extra;
  };

  /// What belongs to one range of whole chunks of rows.
  struct Part {
    TermMap<RowTreeCounts> posted;
    Frequencies others;
    std::vector<RowTreeCounts> before;  // (P) what of a list comes before this range
    std::uint64_t forms = 0;            // that are not empty
    std::uint32_t most = 1;             // the greatest count of a term in a row
    std::vector<TermExtra> extras;
  };

  /// A term as the second reading needs it.
  struct Term {
    float idf;
    std::uint32_t posted;
  };

  using ListWriter = std::variant<RowListWriter, RowTreeWriter>;

  bool has_tree(std::size_t term) const noexcept {
    return !exact() && is_tree(rows_, posted_.frequencies[term], shape_.dense);
  }
  RowListShape list_shape(std::size_t term) const noexcept {
    return RowListShape(rows_, posted_.frequencies[term], exact() ? shape_.dense : 0);
  }

  static void count_row(std::uint32_t& rows, std::uint32_t) noexcept { ++rows; }
  static void count_row(RowTreeCounts& counts, std::uint32_t row) noexcept { counts.add(row); }

  /// Calls visit(row, n-grams) for the rows of a range whose form is not empty.
  template <class Visit>
  void visit_rows(std::size_t worker, std::size_t part, std::string_view stage,
                  const Visit& visit) {
    const std::uint64_t chunks = row_chunks(rows_);
    const std::uint64_t first = chunks * part / parts_.size() * kTreeChunkRows;
    const std::uint64_t end =
        std::min<std::uint64_t>(rows_, chunks * (part + 1) / parts_.size() * kTreeChunkRows);
    NgramCounts counts;
    std::string form;
    for (std::uint64_t row = first; row < end; ++row) {
      if ((row - first) % kRowsPerReport == 0) {
        if (worker == 0) progress_.tell(stage, (row - first) * parts_.size(), rows_);
        if (progress_.stop_requested()) return;  // worker 0 throws
      }
      form_(static_cast<std::uint32_t>(row), form);
      if (!form.empty()) {
        visit(static_cast<std::uint32_t>(row), counts.of(form, shape_.lengths));
      }
    }
  }

  void count(std::size_t worker, std::size_t part) {
    Part& mine = parts_[part];
    visit_rows(worker, part, "counting n-grams", [&](std::uint32_t row, const auto& ngrams) {
      ++mine.forms;
      mine.posted.reserve(mine.posted.size() + ngrams.size());
      mine.others.reserve(mine.others.size() + ngrams.size());
      const auto with_table = [&](const NgramCounts::Ngram& ngram, const auto& use) {
        shape_.posted.has(ngram.length) ? use(mine.posted) : use(mine.others);
      };
      for (const auto& ngram : ngrams) {
        with_table(ngram, [&](const auto& table) { table.prefetch(ngram.key); });
      }
      for (const auto& ngram : ngrams) {
        with_table(ngram, [&](auto& table) { count_row(table[ngram.key], row); });
      }
    });
  }

  /// Makes the terms and the empty lists from the counts.
  void gather() {
    std::vector<Counted<RowTreeCounts>> posted(parts_.size());
    std::vector<Counted<std::uint32_t>> others(parts_.size());
    parallel_for(parts_.size(), 2 * parts_.size(), [&](std::size_t, std::size_t i) {
      Part& part = parts_[i / 2];
      if (i % 2 == 0) {
        posted[i / 2] = part.posted.take_sorted();
      } else {
        others[i / 2] = part.others.take_sorted();
      }
    });
    progress_.tell("gathering n-grams", 0, 0);
    posted_ = merged(posted, [&](std::size_t term, std::size_t part, const RowTreeCounts& counts) {
      counts_.resize(term + 1);
      parts_[part].before.resize(term + 1);
      parts_[part].before[term] = counts;
    });
    others_ = merged(others, [](std::size_t, std::size_t, std::uint32_t) {});
    if (posted_.keys.size() + others_.keys.size() >= kNotPosted) {
      throw Error(ErrorKind::kUnsupported, "expected fewer than {} distinct n-grams", kNotPosted);
    }
    for (const Part& part : parts_) shape_.forms += part.forms;

    for (Part& part : parts_) part.before.resize(posted_.keys.size());
    std::uint64_t words = 0;
    terms_.reserve(posted_.keys.size() + others_.keys.size());
    for (std::size_t term = 0; term < posted_.keys.size(); ++term) {
      RowTreeCounts& all = counts_[term];
      for (Part& part : parts_) {
        const RowTreeCounts here = std::exchange(part.before[term], all);
        all.rows += here.rows;
        all.octets += here.octets;
        all.groups += here.groups;
      }
      list_starts_.push_back(words);
      words += has_tree(term) ? row_tree_words(rows_, all.word()) : list_shape(term).words();
      terms_[posted_.keys[term]] = {idf(posted_, term), static_cast<std::uint32_t>(term)};
    }
    for (std::size_t term = 0; term < others_.keys.size(); ++term) {
      terms_[others_.keys[term]] = {idf(others_, term), kNotPosted};
    }
    lists_.resize(words);
  }

  float idf(const Terms& terms, std::size_t term) const {
    return learnt_ != nullptr ? learnt_->idf(terms.keys[term])
                              : idf_of(shape_.forms, terms.frequencies[term]);
  }

  void post(std::size_t worker, std::size_t part) {
    Part& mine = parts_[part];
    std::vector<ListWriter> lists(posted_.keys.size());
    for (std::size_t term = 0; term < lists.size(); ++term) {
      std::uint64_t* words = lists_.data() + list_starts_[term];
      if (has_tree(term)) {
        lists[term] = RowTreeWriter(words, rows_, counts_[term], mine.before[term]);
      } else {
        lists[term] = RowListWriter(words, list_shape(term), mine.before[term].rows);
      }
    }
    visit_rows(worker, part, "posting n-grams", [&](std::uint32_t row, const auto& ngrams) {
      for (const auto& ngram : ngrams) terms_.prefetch(ngram.key);
      double sum = 0, repeated = 0, once = 0;
      for (const auto& ngram : ngrams) {
        const Term term = terms_.at(ngram.key);
        double weight = double(term.idf);
        if (ngram.count > 1) {
          const float gain = gain_of(ngram.count);
          weight *= 1 + log_of(ngram.count);
          mine.most = std::max(mine.most, ngram.count);
          if (exact()) mine.extras.push_back({term.posted, {row, gain}});
        }
        sum += weight * weight;
        repeated += weight * double(term.idf);
        once += double(term.idf) * double(term.idf);
        if (term.posted != kNotPosted) {
          std::visit([&](auto& list) { list.add(row); }, lists[term.posted]);
        }
      }
      if (sum > 0) scales_[row] = static_cast<float>(1 / std::sqrt(sum));
      if (sum > 0 && !exact()) factors_[row] = static_cast<float>(repeated / once / std::sqrt(sum));
    });
    for (ListWriter& list : lists) {
      std::visit([](auto& writer) { writer.finish(); }, list);
    }
  }

  void write_factors(SectionWriter& file) const {
    const float greatest = std::max(*std::ranges::max_element(factors_), 1e-30F);
    std::vector<std::uint16_t> rows, octets;
    rows.reserve(factors_.size());
    for (const float factor : factors_) {
      const float whole = std::max(std::round(65535 * (factor / greatest)), 256.0F);
      rows.push_back(factor > 0 ? static_cast<std::uint16_t>(whole) : 0);
    }
    for (std::size_t row = 0; row < rows.size(); row += kTreeOctetRows) {
      octets.push_back(*std::max_element(rows.begin() + std::ptrdiff_t(row),
                                         rows.begin() + std::ptrdiff_t(row + kTreeOctetRows)));
    }
    file.add_paged("row factors", rows);
    file.add_paged("octet factors", octets);
  }

  void write_extras(SectionWriter& file) const {
    std::vector<std::uint64_t> starts;
    std::vector<Extra> extras;
    if (exact()) {
      starts.assign(posted_.keys.size() + 1, 0);
      for (const Part& part : parts_) {
        for (const TermExtra& each : part.extras) ++starts[each.term + 1];
      }
      for (std::size_t term = 0; term < posted_.keys.size(); ++term) {
        starts[term + 1] += starts[term];
      }
      extras.resize(starts.back());
      auto next = starts;
      for (const Part& part : parts_) {
        for (const TermExtra& each : part.extras) extras[next[each.term]++] = each.extra;
      }
    }
    file.add_paged("extra starts", starts);
    file.add_paged("extras", extras);
  }

  std::uint32_t rows_;
  const FormOf& form_;
  const Progress& progress_;
  const NgramIndex* learnt_;
  Shape shape_{0, 0, {}, {}, 1, 0, 0, 0};
  std::vector<Part> parts_;
  Terms posted_, others_;
  TermMap<Term> terms_;
  std::vector<std::uint64_t> list_starts_, lists_;
  std::vector<RowTreeCounts> counts_;  // (P)
  std::vector<float> scales_, factors_;
};

}  // namespace

std::uint64_t write_ngram_index(const std::filesystem::path& path, std::uint32_t rows,
                                const FormOf& form, std::uint64_t made_from,
                                const NgramIndexOptions& options, const Progress& progress) {
  assert(options.lengths.valid());
  if (rows == 0xFFFFFFFF) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected fewer than {} rows", path.string(),
                rows);
  }
  NgramWriter writer(rows, form, options, progress);
  writer.make();
  return writer.write(path, made_from);
}

}  // namespace enlace
