#include "index/flat_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

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
      std::memcpy(&rows_[i * D], index_.vector(row_of(i)).data(), D * sizeof(float));
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

/// Asks the memory for rows that will be needed soon.
void fetch(const FlatIndex& index, std::span<const Neighbour> rows) {
  for (const Neighbour& row : rows) {
    const auto bytes = std::as_bytes(index.vector(row.row));
    for (std::size_t i = 0; i < bytes.size(); i += 64) __builtin_prefetch(bytes.data() + i);
  }
}

/// Offers the exact scores of the first of `candidates` by their upper bounds, at least `most` of
/// them if so many may be among the best; leaves those that still may be.
void offer_exact(const FlatIndex& index, std::span<const float> query, std::size_t most,
                 std::vector<Neighbour>& candidates, TopK& best) {
  std::sort(candidates.begin(), candidates.end(), better);
  ExactScores exact(index, query);
  const auto next = [&](std::size_t done) {
    return std::span<const Neighbour>(candidates)
        .subspan(done, std::min(kTogether, candidates.size() - done));
  };
  std::size_t done = 0;
  fetch(index, next(done));
  while (done < most && done < candidates.size() && candidates[done].score >= best.floor()) {
    const auto some = next(done);
    done += some.size();
    fetch(index, next(done));
    const auto& scores = exact.compute(some.size(), [&](std::size_t i) { return some[i].row; });
    for (std::size_t i = 0; i < some.size(); ++i) {
      const float score = scores[i * kPanelWidth];
      if (score >= best.floor()) best.offer({some[i].row, score});  // false if it is not a number
    }
  }
  candidates.erase(candidates.begin(), candidates.begin() + std::ptrdiff_t(done));
  std::erase_if(candidates, [&](const Neighbour& row) { return row.score < best.floor(); });
}

/// A search on its way: what all its parts need.
struct Search {
  const FlatIndex& index;
  std::size_t k;
  const RowFilter& filter;
  std::size_t workers;

  std::size_t pieces() const { return (index.size() + kRowsAtOnce - 1) / kRowsAtOnce; }

  /// Calls body(worker, begin, end) for the pieces of the rows with these numbers.
  template <class Body>
  void for_each_piece(std::span<const std::size_t> numbers, const Body& body) const {
    parallel_for(workers, numbers.size(), [&](std::size_t worker, std::size_t i) {
      const ProductScope scope;
      const std::size_t begin = numbers[i] * kRowsAtOnce;
      body(worker, begin, std::min(index.size(), begin + kRowsAtOnce));
    });
  }
};

/// The multiples of `stride` below `pieces`, but for those of `but` if it is not 0.
std::vector<std::size_t> multiples_of(std::size_t stride, std::size_t but, std::size_t pieces) {
  std::vector<std::size_t> multiples;
  for (std::size_t piece = 0; piece < pieces; piece += stride) {
    if (but == 0 || piece % but != 0) multiples.push_back(piece);
  }
  return multiples;
}

using Results = std::vector<std::vector<Neighbour>>;

/// How a search by bytes passes over the pieces of the rows. Each pass raises the score that rows
/// must reach, so that of most rows hardly more than the heads is looked at.
struct Passes {
  std::size_t sampled;               // the multiples of this are looked at first; 0 for none
  std::vector<std::size_t> strides;  // then the multiples of each, but for those of the one before
};

Passes passes_for(std::size_t queries, std::size_t pieces) {
  constexpr std::size_t kSampled = 64, kStride = 8;
  if (pieces < 4 * kStride) return {0, {1}};
  return {queries <= kFewQueries ? 0 : kSampled, {kStride, 1}};
}

/// By bytes. Requires ByteQueries::can_be(query) of each.
Results search_bytes(const Search& search, MatrixView<const float> queries) {
  const FlatIndex& index = search.index;
  const ByteQueries quantized(queries, index.bytes().space);
  const ByteScan scan(index.bytes(), quantized, search.filter);
  const Passes passes = passes_for(queries.rows(), search.pieces());
  std::vector<ScanState> states(search.workers, ScanState(quantized, search.k));
  std::vector<std::vector<Neighbour>> candidates(queries.rows());
  std::vector<TopK> best(queries.rows(), TopK(search.k));

  const auto raise_floors = [&](std::size_t q, float floor) {
    for (ScanState& state : states) state.raise_floor(q, floor);
  };
  if (passes.sampled != 0) {
    search.for_each_piece(multiples_of(passes.sampled, 0, search.pieces()),
                          [&](std::size_t worker, std::size_t begin, std::size_t end) {
                            scan.sample(begin, end, states[worker]);
                          });
    parallel_for(search.workers, queries.rows(), [&](std::size_t, std::size_t q) {
      std::vector<Neighbour> sampled;
      TopK reached(search.k);
      for (ScanState& state : states) state.move_sampled(q, sampled);
      offer_exact(index, queries.row(q), search.k, sampled, reached);
      raise_floors(q, reached.floor());
    });
    index.let_go();
  }
  std::size_t before = 0;
  for (const std::size_t stride : passes.strides) {
    search.for_each_piece(multiples_of(stride, before, search.pieces()),
                          [&](std::size_t worker, std::size_t begin, std::size_t end) {
                            scan.scan(begin, end, states[worker]);
                          });
    const std::size_t most = stride == 1 ? index.size() : search.k + kTogether;
    parallel_for(search.workers, queries.rows(), [&](std::size_t, std::size_t q) {
      for (ScanState& state : states) state.move_to(q, candidates[q]);
      offer_exact(index, queries.row(q), most, candidates[q], best[q]);
      raise_floors(q, best[q].floor());
    });
    index.let_go();
    before = stride;
  }
  Results results;
  for (TopK& of_query : best) results.push_back(of_query.take());
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
  std::vector<std::size_t> pieces(search.pieces());
  std::iota(pieces.begin(), pieces.end(), std::size_t{0});
  search.for_each_piece(pieces, [&](std::size_t worker, std::size_t begin, std::size_t end) {
    for (; begin < end; begin += kGroupRows) {
      const std::size_t count = std::min(kGroupRows, end - begin);
      if (!search.filter.may_allow_within(begin, begin + count)) continue;
      const auto rows = search.index.rows(begin, begin + count);
      for (std::size_t panel = 0; panel < packed.panels(); ++panel) {
        products().multiply_f32(rows.data(), D, count, packed.panel(panel), D,
                                scores[worker].data(), kPanelWidth);
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

std::vector<Neighbour> FlatIndex::best_of(std::span<const float> query, std::size_t k,
                                          std::vector<Neighbour> candidates) const {
  TopK best(k);
  offer_exact(*this, query, candidates.size(), candidates, best);
  return best.take();
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
