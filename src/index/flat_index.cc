#include "index/flat_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/parallel.h"
#include "index/byte_scan.h"
#include "math/products.h"

namespace enlace {
namespace {

constexpr std::size_t kQueryBlock = 256;              // queries that share one pass
constexpr std::size_t kRowsAtOnce = 16 * kGroupRows;  // a worker's piece of the pass
constexpr std::size_t kRowsPerCandidate = 16;  // below as many rows per neighbour: all by floats
constexpr std::size_t kTogether = 12;          // rows whose products are computed together

/// The exact scores of rows for one query.
class ExactScores {
 public:
  ExactScores(const FlatIndex& index, std::span<const float> query)
      : index_(index), packed_({query.data(), 1, query.size()}), rows_(kTogether * query.size()) {}

  /// Those of at most kTogether rows: score i is scores[i * kPanelWidth].
  template <class RowOf>
  const std::array<float, kTogether * kPanelWidth>& compute(std::size_t count,
                                                            const RowOf& row_of) {
    const std::size_t D = index_.dimension();
    for (std::size_t i = 0; i < count; ++i) {
      std::ranges::copy(index_.vector(row_of(i)), rows_.begin() + std::ptrdiff_t(i * D));
    }
    products().multiply_f32(rows_.data(), D, count, packed_.panel(0), D, scores_.data(),
                            kPanelWidth);
    return scores_;
  }

 private:
  const FlatIndex& index_;
  PackedMatrix packed_;
  std::vector<float> rows_;
  std::array<float, kTogether * kPanelWidth> scores_{};
};

/// The best k by exact scores of rows that come by falling upper bounds of these.
std::vector<Neighbour> best_of(const FlatIndex& index, std::span<const float> query,
                               std::span<const Neighbour> candidates, std::size_t k) {
  ExactScores exact(index, query);
  TopK best(k);
  while (!candidates.empty() && candidates.front().score >= best.floor()) {
    const auto some = candidates.first(std::min(kTogether, candidates.size()));
    const auto& scores = exact.compute(some.size(), [&](std::size_t i) { return some[i].row; });
    for (std::size_t i = 0; i < some.size(); ++i) {
      const float score = scores[i * kPanelWidth];
      if (score >= best.floor()) best.offer({some[i].row, score});  // false if it is not a number
    }
    candidates = candidates.subspan(some.size());
  }
  return best.take();
}

/// A search on its way: what all its parts need.
struct Search {
  const FlatIndex& index;
  std::size_t k;
  const RowFilter& filter;
  std::size_t workers;

  /// Calls body(worker, begin, end) for pieces of the rows.
  template <class Body>
  void for_each_piece(const Body& body) const {
    const std::size_t pieces = (index.size() + kRowsAtOnce - 1) / kRowsAtOnce;
    parallel_for(workers, pieces, [&](std::size_t worker, std::size_t piece) {
      const ProductScope scope;
      const std::size_t begin = piece * kRowsAtOnce;
      body(worker, begin, std::min(index.size(), begin + kRowsAtOnce));
    });
  }
};

using Results = std::vector<std::vector<Neighbour>>;

/// By bytes. Requires ByteQueries::can_be(query) of each.
Results search_bytes(const Search& search, MatrixView<const float> queries) {
  const ByteQueries quantized(queries, search.index.bytes().space);
  const ByteScan scan(search.index.bytes(), quantized, search.filter);
  std::vector<ScanState> states(search.workers, ScanState(queries.rows(), search.k));
  search.for_each_piece([&](std::size_t worker, std::size_t begin, std::size_t end) {
    scan.scan(begin, end, states[worker]);
  });
  Results results(queries.rows());
  parallel_for(search.workers, queries.rows(), [&](std::size_t, std::size_t q) {
    Candidates& all = states[0].candidates[q];
    for (std::size_t w = 1; w < states.size(); ++w) all.merge(std::move(states[w].candidates[q]));
    results[q] = best_of(search.index, queries.row(q), all.take(), search.k);
  });
  return results;
}

/// By floats alone: the definition.
Results search_floats(const Search& search, MatrixView<const float> queries) {
  const PackedMatrix packed(queries);
  const std::size_t D = search.index.dimension();
  std::vector<std::vector<TopK>> best(search.workers,
                                      std::vector<TopK>(queries.rows(), TopK(search.k)));
  std::vector<std::vector<float>> scores(search.workers,
                                         std::vector<float>(kGroupRows * kPanelWidth));
  search.for_each_piece([&](std::size_t worker, std::size_t begin, std::size_t end) {
    for (; begin < end; begin += kGroupRows) {
      const std::size_t count = std::min(kGroupRows, end - begin);
      if (!search.filter.may_allow_within(begin, begin + count)) continue;
      for (std::size_t panel = 0; panel < packed.panels(); ++panel) {
        products().multiply_f32(search.index.vector(std::uint32_t(begin)).data(), D, count,
                                packed.panel(panel), D, scores[worker].data(), kPanelWidth);
        const std::size_t last = std::min(queries.rows(), (panel + 1) * kPanelWidth);
        for (std::size_t i = 0; i < count; ++i) {
          if (!search.filter.allows(begin + i)) continue;
          for (std::size_t q = panel * kPanelWidth; q < last; ++q) {
            const float score = scores[worker][i * kPanelWidth + q % kPanelWidth];
            if (score >= best[worker][q].floor()) {  // false if it is not a number
              best[worker][q].offer({std::uint32_t(begin + i), score});
            }
          }
        }
      }
    }
  });
  Results results(queries.rows());
  for (std::size_t q = 0; q < queries.rows(); ++q) {
    for (std::size_t w = 1; w < search.workers; ++w) {
      for (const Neighbour& neighbour : best[w][q].take()) best[0][q].offer(neighbour);
    }
    results[q] = best[0][q].take();
  }
  return results;
}

/// Queries of a batch that are searched in the same way, and their places in it.
struct Batch {
  std::vector<float> values;
  std::vector<std::size_t> places;
};

}  // namespace

std::vector<std::vector<Neighbour>> FlatIndex::search(MatrixView<const float> queries,
                                                      std::size_t k, const RowFilter& filter,
                                                      std::size_t workers) const {
  if (queries.cols() != dimension() && queries.rows() > 0) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected queries of {} dimensions, found {}",
                file_.name(), dimension(), queries.cols());
  }
  std::vector<std::vector<Neighbour>> results(queries.rows());
  k = std::min(k, size());
  if (k == 0) return results;
  const std::size_t pieces = (size() + kRowsAtOnce - 1) / kRowsAtOnce;
  const Search search{*this, k, filter, std::max<std::size_t>(1, std::min(workers, pieces))};

  for (std::size_t first = 0; first < queries.rows(); first += kQueryBlock) {
    Batch by_bytes, by_floats;
    for (std::size_t q = first; q < std::min(queries.rows(), first + kQueryBlock); ++q) {
      const auto query = queries.row(q);
      const bool few = size() / k >= kRowsPerCandidate && ByteQueries::can_be(query);
      Batch& batch = few ? by_bytes : by_floats;
      batch.values.insert(batch.values.end(), query.begin(), query.end());
      batch.places.push_back(q);
    }
    const auto run = [&](const Batch& batch, const auto& how) {
      if (batch.places.empty()) return;
      Results found = how(search, {batch.values.data(), batch.places.size(), dimension()});
      for (std::size_t i = 0; i < found.size(); ++i) {
        results[batch.places[i]] = std::move(found[i]);
      }
    };
    run(by_bytes, search_bytes);
    run(by_floats, search_floats);
  }
  return results;
}

std::vector<float> FlatIndex::score(std::span<const float> query,
                                    std::span<const std::uint32_t> rows) const {
  if (query.size() != dimension()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a query of {} dimensions, found {}",
                file_.name(), dimension(), query.size());
  }
  ExactScores exact(*this, query);
  std::vector<float> scores;
  scores.reserve(rows.size());
  while (!rows.empty()) {
    const std::size_t count = std::min(kTogether, rows.size());
    const auto& some = exact.compute(count, [&](std::size_t i) { return rows[i]; });
    for (std::size_t i = 0; i < count; ++i) scores.push_back(some[i * kPanelWidth]);
    rows = rows.subspan(count);
  }
  return scores;
}

}  // namespace enlace
