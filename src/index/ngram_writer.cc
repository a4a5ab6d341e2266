// How an n-gram index is made in the memory of its lists: the forms are read twice.
//
// Each worker has a range of rows. The first time it counts in how many of its rows each term is;
// from all counts follow the terms, the place of each list, and where in a list the rows of a
// worker begin. The second time the workers write their rows there, and each row's scale.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/error.h"
#include "base/parallel.h"
#include "index/ngram_index.h"
#include "index/ngram_weights.h"
#include "index/term_map.h"

namespace enlace {

using namespace ngram_format;  // NOLINT(google-build-using-namespace): the bytes of this file

namespace {

constexpr std::uint32_t kNotPosted = NgramQuery::kNotPosted;
constexpr std::size_t kRowsPerReport = 4096;

// Lists of more than every so-many-th row are bitmaps, which are added up faster.
constexpr std::uint32_t kDenseIfExact = 16;
constexpr std::uint32_t kDense = 8;

constexpr NgramLengths kPosted{3, 3};

/// Terms and frequencies by rising key.
struct Terms {
  std::vector<NgramKey> keys;
  std::vector<std::uint32_t> frequencies;
};

using Frequencies = TermMap<std::uint32_t>;
using Counted = std::vector<Frequencies::Entry>;

/// Adds up what the workers counted. `visit(term, worker, frequency)` hears of every part.
template <class Visit>
Terms merged(const std::vector<Counted>& parts, const Visit& visit) {
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
      const std::uint32_t of_part = parts[part][at[part]++].value;
      visit(terms.keys.size(), part, of_part);
      frequency += of_part;
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
    shape_.exact = rows <= options.exact_rows ? 1 : 0;
    const bool all = shape_.exact != 0 || !options.lengths.has(kPosted.shortest);
    shape_.posted = all ? options.lengths : kPosted;
    shape_.dense = shape_.exact != 0 ? kDenseIfExact : kDense;
    shape_.borrowed = learnt_ != nullptr ? 1 : 0;
    if (learnt_ != nullptr) shape_.peak = learnt_->peak();
    scales_.resize(padded(rows));
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
    file.add_paged("scale roots", roots());
    write_extras(file);
    return file.finish();
  }

 private:
  struct TermExtra {
    std::uint32_t term;
    Extra extra;
  };

  /// What belongs to one range of rows.
  struct Part {
    Frequencies posted, others;
    std::vector<std::uint32_t> begins;  // (P) how many rows of a list come before this range
    std::uint64_t forms = 0;            // that are not empty
    std::uint32_t most = 1;             // the greatest count of a term in a row
    std::vector<TermExtra> extras;
  };

  /// A term as the second reading needs it.
  struct Term {
    float idf;
    std::uint32_t posted;
  };

  /// Calls visit(row, n-grams) for the rows of a range whose form is not empty.
  template <class Visit>
  void visit_rows(std::size_t worker, std::size_t part, std::string_view stage,
                  const Visit& visit) {
    const std::uint64_t first = std::uint64_t{rows_} * part / parts_.size();
    const std::uint64_t end = std::uint64_t{rows_} * (part + 1) / parts_.size();
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
    visit_rows(worker, part, "counting n-grams", [&](std::uint32_t, const auto& ngrams) {
      ++mine.forms;
      mine.posted.reserve(mine.posted.size() + ngrams.size());
      mine.others.reserve(mine.others.size() + ngrams.size());
      const auto table = [&](const NgramCounts::Ngram& ngram) -> Frequencies& {
        return shape_.posted.has(ngram.length) ? mine.posted : mine.others;
      };
      for (const auto& ngram : ngrams) table(ngram).prefetch(ngram.key);
      for (const auto& ngram : ngrams) ++table(ngram)[ngram.key];
    });
  }

  /// Makes the terms and the empty lists from the counts.
  void gather() {
    std::vector<Counted> posted(parts_.size()), others(parts_.size());
    parallel_for(parts_.size(), 2 * parts_.size(), [&](std::size_t, std::size_t i) {
      Part& part = parts_[i / 2];
      (i % 2 == 0 ? posted : others)[i / 2] =
          (i % 2 == 0 ? part.posted : part.others).take_sorted();
    });
    progress_.tell("gathering n-grams", 0, 0);
    std::size_t most = 0;
    for (const Counted& counted : posted) most += counted.size();
    std::vector<std::uint32_t> before;
    posted_ = merged(posted, [&](std::size_t term, std::size_t part, std::uint32_t frequency) {
      before.resize(parts_.size() * (term + 1));
      before[parts_.size() * term + part] = frequency;
    });
    others_ = merged(others, [](std::size_t, std::size_t, std::uint32_t) {});
    if (posted_.keys.size() + others_.keys.size() >= kNotPosted) {
      throw Error(ErrorKind::kUnsupported, "expected fewer than {} distinct n-grams", kNotPosted);
    }
    for (const Part& part : parts_) shape_.forms += part.forms;

    for (std::size_t part = 0; part < parts_.size(); ++part) {
      parts_[part].begins.resize(posted_.keys.size());
    }
    std::uint64_t words = 0;
    terms_.reserve(posted_.keys.size() + others_.keys.size());
    for (std::size_t term = 0; term < posted_.keys.size(); ++term) {
      std::uint32_t begin = 0;
      for (std::size_t part = 0; part < parts_.size(); ++part) {
        parts_[part].begins[term] = begin;
        begin += before[parts_.size() * term + part];
      }
      list_starts_.push_back(words);
      words += RowListShape(rows_, posted_.frequencies[term], shape_.dense).words();
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
    std::vector<RowListWriter> lists(posted_.keys.size());
    for (std::size_t term = 0; term < lists.size(); ++term) {
      const RowListShape shape(rows_, posted_.frequencies[term], shape_.dense);
      lists[term] = RowListWriter(lists_.data() + list_starts_[term], shape, mine.begins[term]);
    }
    visit_rows(worker, part, "posting n-grams", [&](std::uint32_t row, const auto& ngrams) {
      for (const auto& ngram : ngrams) terms_.prefetch(ngram.key);
      double sum = 0;
      for (const auto& ngram : ngrams) {
        const Term term = terms_.at(ngram.key);
        double weight = double(term.idf);
        if (ngram.count > 1) {
          const float gain = gain_of(ngram.count);
          weight *= 1 + std::log(double(ngram.count));
          mine.most = std::max(mine.most, ngram.count);
          if (shape_.exact != 0) mine.extras.push_back({term.posted, {row, gain}});
        }
        sum += weight * weight;
        if (term.posted != kNotPosted) lists[term.posted].add(row);
      }
      if (sum > 0) scales_[row] = static_cast<float>(1 / std::sqrt(sum));
    });
    for (RowListWriter& list : lists) list.finish();
  }

  std::vector<std::uint8_t> roots() const {
    std::vector<std::uint8_t> roots;
    if (shape_.exact != 0) return roots;
    const float greatest = std::max(*std::ranges::max_element(scales_), 1e-30F);
    roots.reserve(scales_.size());
    for (const float scale : scales_) {
      const float root = std::round(255 * std::sqrt(scale / greatest));
      roots.push_back(scale > 0 ? static_cast<std::uint8_t>(std::max(root, 1.0F)) : 0);
    }
    return roots;
  }

  void write_extras(SectionWriter& file) const {
    std::vector<std::uint64_t> starts;
    std::vector<Extra> extras;
    if (shape_.exact != 0) {
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
  std::vector<float> scales_;
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
