#include "index/ivf_index.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/parallel.h"
#include "base/random.h"
#include "index/byte_scan.h"

namespace enlace {
namespace {

constexpr std::string_view kKind = "ivf3";
constexpr std::size_t kSteps = 10;           // of k-means
constexpr std::size_t kSampledPerList = 64;  // rows

/// `count` rows, every so-manyth, as a matrix of their own.
std::vector<float> spread_rows(MatrixView<const float> rows, std::size_t count) {
  std::vector<float> some;
  some.reserve(count * rows.cols());
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = rows.row(i * rows.rows() / count);
    some.insert(some.end(), row.begin(), row.end());
  }
  return some;
}

/// k-means (Lloyd 1982) from rows drawn by `seed`; an empty list takes a drawn row again.
std::vector<float> centroids_of(MatrixView<const float> rows, const IvfOptions& options,
                                std::size_t lists, const Progress& progress) {
  const std::size_t D = rows.cols(), count = std::min(rows.rows(), lists * kSampledPerList);
  const std::vector<float> values = spread_rows(rows, count);
  const MatrixView<const float> sample(values.data(), count, D);
  Random random(options.seed);
  std::vector<float> centroids;
  for (std::size_t list = 0; list < lists; ++list) {
    // One of each stretch of the sample, so that none is drawn twice.
    const std::size_t begin = list * count / lists, end = (list + 1) * count / lists;
    const auto row = sample.row(begin + random.below(end - begin));
    centroids.insert(centroids.end(), row.begin(), row.end());
  }
  for (std::size_t step = 0; step < kSteps; ++step) {
    progress.tell("finding lists", step, kSteps);
    const Centroids now({centroids.data(), lists, D});
    const auto of_row = now.assign(sample, options.workers);
    std::vector<double> sums(lists * D);
    std::vector<std::size_t> sizes(lists);
    for (std::size_t r = 0; r < count; ++r) {
      ++sizes[of_row[r]];
      for (std::size_t d = 0; d < D; ++d) sums[of_row[r] * D + d] += double(sample.row(r)[d]);
    }
    for (std::size_t list = 0; list < lists; ++list) {
      const auto drawn = sample.row(random.below(count));
      for (std::size_t d = 0; d < D; ++d) {
        centroids[list * D + d] = sizes[list] > 0
                                      ? static_cast<float>(sums[list * D + d] / double(sizes[list]))
                                      : drawn[d];
      }
    }
  }
  return centroids;
}

}  // namespace

std::uint64_t write_ivf_index(const std::filesystem::path& path, const FlatIndex& index,
                              const IvfOptions& options, const Progress& progress) {
  const MatrixView<const float> rows = index.vectors();
  const std::size_t N = rows.rows(), D = rows.cols();
  const std::size_t lists = options.lists > 0
                                ? options.lists
                                : std::max<std::size_t>(1, std::size_t(std::sqrt(double(N))));
  if (lists > N) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected at least {} rows, found {}",
                index.file().name(), lists, N);
  }
  for (std::size_t row = 0; row < N; ++row) {
    if (!ByteQueries::can_be(rows.row(row))) {
      throw Error(ErrorKind::kInvalidArgument, "{}: row {}: expected moderate, finite values",
                  index.file().name(), row);
    }
  }
  const std::vector<float> values = centroids_of(rows, options, lists, progress);
  const Centroids centroids({values.data(), lists, D});
  progress.tell("sorting rows", 0);
  const auto list_of = centroids.assign(rows, options.workers);
  std::vector<std::uint32_t> numbers(N), starts(lists + 1);
  std::iota(numbers.begin(), numbers.end(), 0U);
  std::stable_sort(numbers.begin(), numbers.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return list_of[a] < list_of[b]; });
  for (const std::uint32_t list : list_of) ++starts[list + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());

  FlatIndexWriter writer(path, D, index.made_from(), kKind);
  for (std::size_t row = 0; row < N; ++row) {
    if (row % 8192 == 0) progress.tell("writing rows", row, N);
    writer.append({index.vector(numbers[row]).data(), 1, D});
  }
  SectionWriter& file = writer.close_rows(options.workers);
  file.add("list starts", starts);
  file.add("centroids", values);
  file.add_paged("numbers", numbers);
  return writer.finish();
}

IvfIndex::IvfIndex(FlatIndex rows) : rows_(std::move(rows)) {
  const SectionFile& file = rows_.file();
  starts_ = file.array<std::uint32_t>("list starts");
  numbers_ = file.paged<std::uint32_t>("numbers");
  const auto centroids = file.array<float>("centroids");
  if (starts_.size() < 2 || starts_.front() != 0 || starts_.back() != rows_.size() ||
      !std::is_sorted(starts_.begin(), starts_.end()) || numbers_.size() != rows_.size() ||
      centroids.size() != lists() * rows_.dimension()) {
    throw Error(ErrorKind::kCorrupt, "{}: expected lists of {} rows and their centroids",
                file.name(), rows_.size());
  }
  centroids_ = Centroids({centroids.data(), lists(), rows_.dimension()});
}

IvfIndex IvfIndex::open(const std::filesystem::path& path) {
  return IvfIndex(FlatIndex::open(path, kKind));
}

std::vector<std::vector<Neighbour>> IvfIndex::search(MatrixView<const float> queries, std::size_t k,
                                                     std::size_t probes, const RowFilter& filter,
                                                     std::size_t workers) const {
  std::vector<std::vector<Neighbour>> results(queries.rows());
  if (queries.rows() == 0) return results;
  if (queries.cols() != rows_.dimension()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected queries of {} dimensions, found {}",
                rows_.file().name(), rows_.dimension(), queries.cols());
  }
  k = std::min(k, rows_.size());
  probes = std::clamp<std::size_t>(probes, 1, lists());
  if (k == 0) return results;
  RowFilter by_place;
  if (!filter.everything()) {
    by_place = RowFilter(rows_.size());
    for (std::uint32_t row = 0; row < rows_.size(); ++row) {
      if (filter.allows(numbers_[row])) by_place.allow(row);
    }
  }
  workers = std::max<std::size_t>(1, workers);
  std::vector<std::vector<float>> scores(workers);
  parallel_for(workers, queries.rows(), [&](std::size_t worker, std::size_t q) {
    const auto query = queries.slice(q, q + 1);
    if (!ByteQueries::can_be(query.row(0))) return;  // is close to nothing
    centroids_.closeness(query, scores[worker]);
    TopK closest(probes);
    for (std::uint32_t list = 0; list < lists(); ++list) {
      closest.offer({list, scores[worker][list]});
    }
    const ByteQueries quantized(query, rows_.bytes().space);
    const ByteScan scan(rows_.bytes(), quantized, by_place);
    ScanState state(quantized, k);
    for (const Neighbour& list : closest.take()) {
      scan.scan(starts_[list.row], starts_[list.row + 1], state);
    }
    std::vector<Neighbour> candidates;
    state.move_to(0, candidates);
    results[q] = rows_.best_of(query.row(0), k, std::move(candidates));
    for (Neighbour& neighbour : results[q]) {
      neighbour.row = numbers_[neighbour.row];
      if (neighbour.row >= rows_.size()) {
        throw Error(ErrorKind::kCorrupt, "{}: expected numbers below {}", rows_.file().name(),
                    rows_.size());
      }
    }
    std::sort(results[q].begin(), results[q].end(), better);
  });
  return results;
}

}  // namespace enlace
