#include "index/ngram_index.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/parallel.h"
#include "index/ngram_scorer.h"
#include "index/ngram_weights.h"

namespace enlace {

using namespace ngram_format;  // NOLINT(google-build-using-namespace): the bytes of this file

NgramIndex NgramIndex::open(const std::filesystem::path& path, NgramEffort effort) {
  return NgramIndex(SectionFile::open(path, kKind), effort);
}

NgramIndex::NgramIndex(SectionFile file, NgramEffort effort)
    : file_(std::move(file)),
      shape_(file_.value<Shape>("shape")),
      effort_(effort),
      posted_(file_, "posted"),
      others_(file_, "other"),
      list_starts_(file_.paged<std::uint64_t>("list starts")),
      lists_(file_.paged<std::uint64_t>("lists")),
      scales_(file_.paged<float>("scales")),
      roots_(file_.paged<std::uint8_t>("scale roots")),
      extra_starts_(file_.paged<std::uint64_t>("extra starts")),
      extras_(file_.paged<Extra>("extras")) {
  check();
}

void NgramIndex::check() const {
  const auto require = [&](bool holds, std::string_view complaint) {
    if (!holds) throw Error(ErrorKind::kCorrupt, "{}: {}", file_.name(), complaint);
  };
  const std::size_t P = posted_.size(), R = shape_.rows;
  require(R < std::numeric_limits<std::uint32_t>::max() && shape_.forms <= R,
          "expected fewer rows than a number can tell");
  require(shape_.lengths.valid() && shape_.posted.valid(),
          "expected lengths of n-grams from 1 to 4");
  require(shape_.peak >= 1 && shape_.peak <= kMostLog, "expected a peak of at least 1");
  require(shape_.exact <= 1, "expected an index that is exact or is not");
  require(terms() < NgramQuery::kNotPosted, "expected fewer terms than a number can tell");
  require(list_starts_.size() == P, "expected a list for every posted term");
  require(scales_.size() == padded(R), "expected one scale per row");
  require(roots_.size() == (exact() ? 0 : padded(R)), "expected one root of a scale per row");
  require(extra_starts_.size() == (exact() ? P + 1 : 0), "expected extras of every posted term");
}

NgramQuery NgramIndex::prepare(std::string_view query) const {
  NgramCounts counts;
  // In floating point first: weight x idf, and the most that a row can add up to.
  std::vector<double> weights;
  NgramQuery prepared;
  double squares = 0, peak = 0;
  for (const auto& ngram : counts.of(query, shape_.lengths)) {
    const bool posted = shape_.posted.has(ngram.length);
    const TermTable& table = posted ? posted_ : others_;
    const auto term = table.find(ngram.key);
    if (!term) continue;
    const std::uint32_t frequency = table.frequency(*term);
    if (frequency == 0 || frequency > shape_.forms) {
      throw Error(ErrorKind::kCorrupt, "{}: frequency of a term out of range", file_.name());
    }
    const double idf = double(idf_of(shape_.forms, frequency));
    const double weight = (1 + std::log(double(ngram.count))) * idf;
    squares += weight * weight;
    peak += weight * idf * double(shape_.peak);
    weights.push_back(weight * idf);
    prepared.terms.push_back({ngram.key, posted ? *term : NgramQuery::kNotPosted, frequency, 0});
  }
  if (weights.empty()) return prepared;
  // Less than 2^31: each product with a count is rounded once, so there is room for the terms
  // twice.
  const double units = (0x1p31 - 2 - 2 * double(weights.size())) / peak;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    prepared.terms[i].weight = static_cast<std::int32_t>(std::lround(weights[i] * units));
  }
  prepared.unit = static_cast<float>(1 / (units * std::sqrt(squares)));
  return prepared;
}

NgramIndex::List NgramIndex::list(const NgramQuery::Term& term) const {
  const RowListShape shape(shape_.rows, term.frequency, shape_.dense);
  const std::uint64_t begin = list_starts_[term.posted];
  if (begin > lists_.size())
    throw Error(ErrorKind::kCorrupt, "{}: list out of range", file_.name());
  return {shape, lists_.slice(begin, begin + shape.words())};
}

float NgramIndex::scale(std::uint32_t row) const {
  const float scale = scales_[row];
  return scale >= 0 && scale <= 1 ? scale : 0;
}

std::vector<float> NgramIndex::score(const NgramQuery& query, std::span<const std::uint32_t> rows,
                                     const FormOf& form, NgramWorkspace& workspace) const {
  std::vector<float> scores;
  scores.reserve(rows.size());
  NgramScorer scorer(*this, query, form, workspace);
  for (const std::uint32_t row : rows) scores.push_back(scorer.score(row));
  return scores;
}

std::vector<Neighbour> NgramIndex::search(std::string_view query, std::size_t k, const FormOf& form,
                                          const RowFilter& filter) const {
  NgramWorkspace workspace;
  return search(prepare(query), k, form, filter, workspace);
}

std::vector<std::vector<Neighbour>> NgramIndex::search(std::span<const std::string_view> queries,
                                                       std::size_t k, const FormOf& form,
                                                       const RowFilter& filter,
                                                       std::size_t workers) const {
  std::vector<std::vector<Neighbour>> results(queries.size());
  std::vector<NgramWorkspace> workspaces(std::max<std::size_t>(1, workers));
  parallel_for(workers, queries.size(), [&](std::size_t worker, std::size_t i) {
    results[i] = search(prepare(queries[i]), k, form, filter, workspaces[worker]);
  });
  return results;
}

}  // namespace enlace
