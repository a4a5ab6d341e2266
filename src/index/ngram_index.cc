#include "index/ngram_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>

#include "base/error.h"
#include "base/parallel.h"
#include "index/ngram_scorer.h"
#include "index/ngram_weights.h"
#include "index/row_trees.h"
#include "io/other_versions.h"

namespace enlace {

using namespace ngram_format;  // NOLINT(google-build-using-namespace): the bytes of this file

namespace {

Shape shape_of(const SectionFile& file) {
  const auto shape = file.value<Shape>("shape");
  if (shape.search == 0) {
    throw Error(ErrorKind::kUnsupported,
                "{}: expected another form of lists, found that of an earlier version; {}",
                file.name(), how_to_make_again("ngrams"));
  }
  return shape;
}

}  // namespace

NgramIndex NgramIndex::open(const std::filesystem::path& path, NgramEffort effort,
                            std::shared_ptr<const NgramIndex> learnt) {
  return NgramIndex(SectionFile::open(path, kKind), effort, std::move(learnt));
}

NgramIndex::NgramIndex(SectionFile file, NgramEffort effort,
                       std::shared_ptr<const NgramIndex> learnt)
    : file_(std::move(file)),
      shape_(shape_of(file_)),
      effort_(effort),
      learnt_(shape_.borrowed != 0 ? std::move(learnt) : nullptr),
      posted_(file_, "posted"),
      others_(file_, "other"),
      list_starts_(file_.paged<std::uint64_t>("list starts")),
      lists_(file_.paged<std::uint64_t>("lists")),
      scales_(file_.paged<float>("scales")),
      extra_starts_(file_.paged<std::uint64_t>("extra starts")),
      extras_(file_.paged<Extra>("extras")) {
  if (!exact()) {
    row_factors_ = file_.paged<std::uint16_t>("row factors");
    octet_factors_ = file_.paged<std::uint16_t>("octet factors");
  }
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
  require(shape_.search <= kProposing, "expected an index that is exact or proposes rows");
  require((shape_.borrowed != 0) == (learnt_ != nullptr),
          "expected the index that its weights were learnt from");
  require(terms() < NgramQuery::kNotPosted, "expected fewer terms than a number can tell");
  require(list_starts_.size() == P, "expected a list for every posted term");
  require(scales_.size() == padded(R), "expected one scale per row");
  const std::size_t proposed = exact() ? 0 : row_chunks(R) * kTreeChunkRows;
  require(row_factors_.size() == proposed && octet_factors_.size() == proposed / kTreeOctetRows,
          "expected one factor per row and octet");
  require(extra_starts_.size() == (exact() ? P + 1 : 0), "expected extras of every posted term");
}

std::optional<NgramIndex::Found> NgramIndex::find(NgramKey key, bool posted) const {
  const TermTable& table = posted ? posted_ : others_;
  const auto number = table.find(key);
  if (!number) return std::nullopt;
  const std::uint32_t frequency = table.frequency(*number);
  if (frequency == 0 || frequency > shape_.forms) {
    throw Error(ErrorKind::kCorrupt, "{}: frequency of a term out of range", file_.name());
  }
  return Found{posted ? *number : NgramQuery::kNotPosted, frequency};
}

float NgramIndex::idf(NgramKey term) const {
  auto found = find(term, true);
  if (!found) found = find(term, false);
  return idf_of(shape_.forms, found ? found->frequency : 0);
}

NgramQuery NgramIndex::prepare(std::string_view query, const NgramIndex* beside) const {
  NgramCounts counts;
  // In floating point first: weight x idf, and the most that a row can add up to.
  std::vector<double> weights;
  NgramQuery prepared;
  double squares = 0, peak = 0;
  std::size_t known_terms = 0;
  const NgramIndex& source = learnt_ ? *learnt_ : *this;
  for (const auto& ngram : counts.of(query, shape_.lengths)) {
    const auto in = [&](const NgramIndex& index) {
      return index.find(ngram.key, index.shape_.posted.has(ngram.length));
    };
    const auto term = in(*this);
    const auto known = learnt_ ? in(*learnt_) : term;
    if (!term && !known && (beside == nullptr || !in(*beside))) continue;
    const double idf = double(idf_of(source.shape_.forms, known ? known->frequency : 0));
    const double weight = (1 + std::log(double(ngram.count))) * idf;
    squares += weight * weight;
    peak += weight * idf * double(shape_.peak);
    ++known_terms;
    if (!term) continue;
    weights.push_back(weight * idf);
    prepared.terms.push_back({ngram.key, term->posted, term->frequency, 0, 0});
  }
  if (weights.empty()) return prepared;
  // Less than 2^31: each product with a count is rounded once, so there is room for the terms
  // twice.
  const double units = (0x1p31 - 2 - 2 * double(known_terms)) / peak;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    prepared.terms[i].weight = static_cast<std::int32_t>(std::lround(weights[i] * units));
  }
  prepared.unit = static_cast<float>(1 / (units * std::sqrt(squares)));
  if (!exact()) share_weights(query, prepared.terms);
  return prepared;
}

/// Gives every posted term its reach: a term that is not posted, and so cannot propose a row
/// itself, shares its weight among the posted ones of the query that overlap it by as much as they
/// can.
void NgramIndex::share_weights(std::string_view query, std::span<NgramQuery::Term> terms) const {
  std::unordered_map<NgramKey, std::size_t> numbers;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    numbers.emplace(terms[i].key, i);
    if (terms[i].posted != NgramQuery::kNotPosted) terms[i].reach = float(terms[i].weight);
  }
  // By place of the query: the n-grams that end there, by length.
  using Ends = std::array<std::optional<std::size_t>, kLongestNgram + 1>;
  std::vector<Ends> places;
  visit_ngrams(query, shape_.lengths, [&](NgramKey key, std::uint32_t length) {
    if (length == shape_.lengths.shortest) places.emplace_back();
    const auto number = numbers.find(key);
    if (number != numbers.end()) places.back()[length] = number->second;
  });
  const std::size_t posted = shape_.posted.longest;
  std::vector<std::vector<std::size_t>> receivers(terms.size());
  for (std::size_t place = 0; place < places.size(); ++place) {
    for (std::size_t length = 1; length <= kLongestNgram; ++length) {
      const auto term = places[place][length];
      if (!term || terms[*term].posted != NgramQuery::kNotPosted) continue;
      const std::size_t first = place - std::min(place, std::max(length, posted) - posted);
      const std::size_t last = place + std::max(length, posted) - length;
      for (std::size_t at = first; at <= std::min(last, places.size() - 1); ++at) {
        if (places[at][posted]) receivers[*term].push_back(*places[at][posted]);
      }
    }
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const float share =
        float(terms[i].weight) / float(std::max<std::size_t>(1, receivers[i].size()));
    for (const std::size_t receiver : receivers[i]) terms[receiver].reach += share;
  }
}

NgramIndex::List NgramIndex::list(const NgramQuery::Term& term) const {
  const RowListShape shape(shape_.rows, term.frequency, exact() ? shape_.dense : 0);
  const std::uint64_t begin = list_starts_[term.posted];
  if (begin > lists_.size())
    throw Error(ErrorKind::kCorrupt, "{}: list out of range", file_.name());
  return {shape, lists_.slice(begin, begin + shape.words())};
}

bool NgramIndex::has_tree(const NgramQuery::Term& term) const noexcept {
  return !exact() && is_tree(shape_.rows, term.frequency, shape_.dense);
}

BitTree NgramIndex::tree(const NgramQuery::Term& term) const {
  const std::uint64_t begin = list_starts_[term.posted];
  const std::uint64_t words = row_tree_words(shape_.rows, lists_[begin]);
  return row_tree(lists_.slice(begin, begin + words), shape_.rows);
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
