#include "index/flat_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/parallel.h"
#include "math/kernels.h"
#include "math/packed_matrix.h"

namespace enlace {
namespace {

constexpr std::string_view kKind = "vectors";
constexpr std::size_t kMaxDimension = 65536;
constexpr std::uint64_t kMaxRows = std::numeric_limits<std::uint32_t>::max();

constexpr std::size_t kQueryBlock = 256;         // queries that share one pass over the file
constexpr std::size_t kBlockBytes = 256U << 10;  // of rows: half of a small L2 cache
constexpr std::size_t kFewQueries = 4;           // as many as are cheaper one by one

/// The best of each query of a block, kept by one worker.
using Best = std::vector<TopK>;

/// A group of queries on their way through the rows.
struct Scan {
  const FlatIndex& index;
  MatrixView<const float> queries;
  PackedMatrix packed;  // the same, for the kernels
  const RowFilter& filter;
  std::vector<float> slack;  // by query: how far the two ways to compute a product may differ
};

/// Offers the scores (rows [begin, end) x 32) of one panel of queries. A score that is not a number
/// fails the comparison.
void offer_panel(const Scan& scan, std::size_t panel, std::size_t begin, std::size_t end,
                 const float* scores, Best& best) {
  const std::size_t first = panel * kPanelWidth;
  const std::size_t count = std::min(kPanelWidth, scan.queries.rows() - first);
  std::array<float, kPanelWidth> floors;
  floors.fill(std::numeric_limits<float>::infinity());
  for (std::size_t q = 0; q < count; ++q) floors[q] = best[first + q].floor();
  for (std::size_t row = begin; row < end; ++row, scores += kPanelWidth) {
    unsigned any = 0;
    for (std::size_t q = 0; q < kPanelWidth; ++q) any |= scores[q] >= floors[q] ? 1U : 0U;
    if (any == 0 || !scan.filter.allows(row)) continue;
    for (std::size_t q = 0; q < count; ++q) {
      if (scores[q] >= floors[q]) {
        best[first + q].offer({static_cast<std::uint32_t>(row), scores[q]});
        floors[q] = best[first + q].floor();
      }
    }
  }
}

/// The product of `row` with query `q` as multiply_panel sums it.
float exact_score(const Scan& scan, std::size_t row, std::size_t q) {
  std::array<float, kPanelWidth> scores;
  const std::size_t depth = scan.queries.cols();
  products().multiply_f32(scan.index.vector(static_cast<std::uint32_t>(row)).data(), depth, 1,
                          scan.packed.panel(q / kPanelWidth), depth, scores.data(), kPanelWidth);
  return scores[q % kPanelWidth];
}

/// Rows [begin, end) against few queries: at the speed of memory by single products, of which only
/// those near the floor are computed again in the order of additions that panels have.
void scan_few(const Scan& scan, std::size_t begin, std::size_t end, Best& best) {
  const auto dot = kernels().dot;
  const std::size_t depth = scan.queries.cols();
  for (std::size_t row = begin; row < end; ++row) {
    if (!scan.filter.allows(row)) continue;
    const float* vector = scan.index.vector(static_cast<std::uint32_t>(row)).data();
    for (std::size_t q = 0; q < scan.queries.rows(); ++q) {
      const float rough = dot(vector, scan.queries.row(q).data(), depth);
      if (rough < best[q].floor() - scan.slack[q]) continue;  // false if one is not a number
      const float score = exact_score(scan, row, q);
      if (score >= best[q].floor()) best[q].offer({static_cast<std::uint32_t>(row), score});
    }
  }
}

/// Rows [begin, end) against all queries, panel by panel.
void scan_many(const Scan& scan, std::size_t begin, std::size_t end, std::vector<float>& scores,
               Best& best) {
  const auto multiply_panel = products().multiply_f32;
  const std::size_t depth = scan.queries.cols();
  scores.resize((end - begin) * kPanelWidth);
  for (std::size_t panel = 0; panel < scan.packed.panels(); ++panel) {
    multiply_panel(scan.index.vector(static_cast<std::uint32_t>(begin)).data(), depth, end - begin,
                   scan.packed.panel(panel), depth, scores.data(), kPanelWidth);
    offer_panel(scan, panel, begin, end, scores.data(), best);
  }
}

double norm_of(std::span<const float> vector) {
  double sum = 0;
  for (const float value : vector) sum += double(value) * double(value);
  return std::sqrt(sum);
}

/// The most that two orders of adding the products of a query's and a row's values can differ
/// (Higham 2002, section 3.1): 2 D u |q| |row|, with u = 2^-24, doubled for its own rounding.
float slack_of(std::span<const float> query, double norm) {
  const double slack = 4.0 * double(query.size()) * 0x1p-24 * norm_of(query) * norm;
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  return slack < double(std::numeric_limits<float>::max()) ? static_cast<float>(slack) : kInfinity;
}

}  // namespace

FlatIndexWriter::FlatIndexWriter(const std::filesystem::path& path, std::size_t dimension,
                                 std::uint64_t made_from)
    : file_(path, kKind, made_from), dimension_(dimension) {
  if (dimension < 1 || dimension > kMaxDimension) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected 1 to {} dimensions, found {}",
                path.string(), kMaxDimension, dimension);
  }
  file_.begin("vectors", sizeof(float), SectionRole::kBulk);
}

void FlatIndexWriter::append(MatrixView<const float> rows) {
  if (rows.cols() != dimension_) {
    throw Error(ErrorKind::kInvalidArgument, "expected vectors of {} dimensions, found {}",
                dimension_, rows.cols());
  }
  rows_ += rows.rows();
  if (rows_ >= kMaxRows) {
    throw Error(ErrorKind::kInvalidArgument, "expected fewer than {} vectors, found {}", kMaxRows,
                rows_);
  }
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    // The products of a row with no finite norm are infinite or not numbers, in any order.
    const double norm = norm_of(rows.row(row));
    if (std::isfinite(norm)) norm_ = std::max(norm_, norm);
  }
  file_.append(std::as_bytes(std::span(rows.data(), rows.rows() * rows.cols())));
}

std::uint64_t FlatIndexWriter::finish() {
  file_.add_value("dimension", std::uint64_t{dimension_});
  file_.add_value("norm", norm_);
  return file_.finish();
}

FlatIndex FlatIndex::open(const std::filesystem::path& path) {
  SectionFile file = SectionFile::open(path, kKind);
  const auto dimension = file.value<std::uint64_t>("dimension");
  const auto norm = file.value<double>("norm");
  const auto values = file.array<float>("vectors");
  if (dimension < 1 || dimension > kMaxDimension || values.size() % dimension != 0 ||
      values.size() / dimension >= kMaxRows) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected whole vectors of 1 to {} dimensions, found {} values of {}",
                file.name(), kMaxDimension, values.size(), dimension);
  }
  if (!std::isfinite(norm) || norm < 0) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a finite norm", file.name());
  }
  const MatrixView<const float> vectors(values.data(), values.size() / dimension, dimension);
  return FlatIndex(std::move(file), vectors, norm);
}

std::vector<std::vector<Neighbour>> FlatIndex::search(MatrixView<const float> queries,
                                                      std::size_t k, const RowFilter& filter,
                                                      std::size_t workers) const {
  if (queries.cols() != dimension() && queries.rows() > 0) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected queries of {} dimensions, found {}",
                file_.name(), dimension(), queries.cols());
  }
  std::vector<std::vector<Neighbour>> results(queries.rows());
  if (k == 0) return results;
  const std::size_t block =
      std::max<std::size_t>(12, kBlockBytes / (dimension() * sizeof(float)) / 12 * 12);
  const std::size_t blocks = (size() + block - 1) / block;
  workers = std::max<std::size_t>(1, std::min(workers, blocks));

  for (std::size_t first = 0; first < queries.rows(); first += kQueryBlock) {
    const auto group = queries.slice(first, std::min(queries.rows(), first + kQueryBlock));
    Scan scan{*this, group, PackedMatrix(group), filter, {}};
    for (std::size_t q = 0; q < group.rows(); ++q)
      scan.slack.push_back(slack_of(group.row(q), norm_));
    std::vector<Best> best(workers, Best(group.rows(), TopK(std::min(k, size()))));
    std::vector<std::vector<float>> scores(workers);
    parallel_for(workers, blocks, [&](std::size_t worker, std::size_t item) {
      const std::size_t begin = item * block, end = std::min(size(), begin + block);
      if (!filter.may_allow_within(begin, end)) return;
      if (group.rows() <= kFewQueries) {
        scan_few(scan, begin, end, best[worker]);
      } else {
        scan_many(scan, begin, end, scores[worker], best[worker]);
      }
    });
    for (std::size_t q = 0; q < group.rows(); ++q) {
      for (std::size_t worker = 1; worker < workers; ++worker) {
        for (const Neighbour& neighbour : best[worker][q].take()) best[0][q].offer(neighbour);
      }
      results[first + q] = best[0][q].take();
    }
  }
  return results;
}

std::vector<float> FlatIndex::score(std::span<const float> query,
                                    std::span<const std::uint32_t> rows) const {
  if (query.size() != dimension()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a query of {} dimensions, found {}",
                file_.name(), dimension(), query.size());
  }
  const PackedMatrix packed({query.data(), 1, query.size()});
  const auto multiply_panel = products().multiply_f32;
  constexpr std::size_t kTogether = 12;
  std::vector<float> gathered(kTogether * dimension()), products(kTogether * kPanelWidth);
  std::vector<float> scores;
  scores.reserve(rows.size());
  while (!rows.empty()) {
    const std::size_t count = std::min(kTogether, rows.size());
    for (std::size_t i = 0; i < count; ++i) {
      std::ranges::copy(vector(rows[i]), gathered.begin() + std::ptrdiff_t(i * dimension()));
    }
    multiply_panel(gathered.data(), dimension(), count, packed.panel(0), dimension(),
                   products.data(), kPanelWidth);
    for (std::size_t i = 0; i < count; ++i) scores.push_back(products[i * kPanelWidth]);
    rows = rows.subspan(count);
  }
  return scores;
}

}  // namespace enlace
