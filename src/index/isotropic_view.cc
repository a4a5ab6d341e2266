#include "index/isotropic_view.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "math/kernels.h"
#include "math/principal_directions.h"

namespace enlace {
namespace {

constexpr std::string_view kKind = "isotropy";
constexpr std::size_t kSampledRows = 100'000;
constexpr std::size_t kFewRows = 500;

float norm_of(std::span<const float> x) {
  return std::sqrt(kernels().dot(x.data(), x.data(), x.size()));
}

/// x = P(x - mean)
void project(std::span<const float> mean, std::span<const float> directions, std::span<float> x) {
  const auto dot = kernels().dot;
  const std::size_t D = mean.size();
  for (std::size_t i = 0; i < D; ++i) x[i] -= mean[i];
  for (std::size_t at = 0; at < directions.size(); at += D) {
    const float along = dot(x.data(), &directions[at], D);
    for (std::size_t i = 0; i < D; ++i) x[i] -= along * directions[at + i];
  }
}

/// Rows of `vectors`, evenly spread, as one matrix.
std::vector<float> sample_of(const FlatIndex& vectors, std::size_t& count) {
  count = std::min(vectors.size(), kSampledRows);
  std::vector<float> sample;
  sample.reserve(count * vectors.dimension());
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = vectors.vector(std::uint32_t(i * vectors.size() / count));
    sample.insert(sample.end(), row.begin(), row.end());
  }
  return sample;
}

/// What the rows have in common.
struct Common {
  std::vector<float> mean, directions;
};

bool are_crowded(MatrixView<const float> rows, std::span<const float> mean) {
  const auto dot = kernels().dot;
  double squares = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    squares += dot(rows.row(r).data(), rows.row(r).data(), mean.size());
  }
  const float common = dot(mean.data(), mean.data(), mean.size());
  return double(common) * double(rows.rows()) >= double(IsotropicView::kCrowded) * squares;
}

Common common_of(const FlatIndex& vectors) {
  const std::size_t D = vectors.dimension();
  Common common{std::vector<float>(D), {}};
  if (vectors.size() < kFewRows) return common;
  std::size_t count = 0;
  std::vector<float> sample = sample_of(vectors, count);
  const MatrixView<float> rows(sample.data(), count, D);
  std::vector<float> mean = mean_row(rows);
  if (!are_crowded(rows, mean)) return common;
  common.mean = std::move(mean);
  for (std::size_t r = 0; r < count; ++r) project(common.mean, {}, rows.row(r));
  common.directions = principal_directions(rows, std::min(IsotropicView::kDirections, D / 2));
  return common;
}

}  // namespace

std::uint64_t write_isotropic_view(const std::filesystem::path& path, const FlatIndex& vectors,
                                   RowGroups groups, std::uint64_t made_from,
                                   const Progress& progress, const IsotropicView* learnt) {
  const std::size_t D = vectors.dimension();
  progress.tell("evening out vectors", 0, vectors.size());
  const Common common = learnt == nullptr
                            ? common_of(vectors)
                            : Common{{learnt->mean().begin(), learnt->mean().end()},
                                     {learnt->directions().begin(), learnt->directions().end()}};

  std::vector<float> x(D);
  const auto projected = [&](std::uint32_t row) {
    std::ranges::copy(vectors.vector(row), x.begin());
    project(common.mean, common.directions, x);
    return norm_of(x);
  };
  std::vector<float> row_norms(vectors.size());
  for (std::uint32_t row = 0; row < row_norms.size(); ++row) {
    if (row % 8192 == 0) progress.tell("evening out vectors", row, vectors.size());
    row_norms[row] = projected(row);
  }
  std::vector<float> group_norms, sum(D);
  for (std::size_t group = 0; group + 1 < groups.starts.size(); ++group) {
    std::ranges::fill(sum, 0.0F);
    for (const std::uint32_t row : groups.rows.subspan(
             groups.starts[group], groups.starts[group + 1] - groups.starts[group])) {
      const float norm = projected(row);
      for (std::size_t i = 0; norm > 0 && i < D; ++i) sum[i] += x[i] / norm;
    }
    group_norms.push_back(norm_of(sum));
  }

  SectionWriter file(path, kKind, made_from);
  file.add("mean", common.mean);
  file.add("directions", common.directions);
  file.add("row norms", row_norms);
  file.add("group norms", group_norms);
  return file.finish();
}

IsotropicView::IsotropicView(SectionFile file)
    : file_(std::move(file)),
      mean_(file_.array<float>("mean")),
      directions_(file_.array<float>("directions")),
      row_norms_(file_.array<float>("row norms")),
      group_norms_(file_.array<float>("group norms")) {}

IsotropicView IsotropicView::open(const std::filesystem::path& path, std::size_t dimension,
                                  std::size_t rows, std::size_t groups) {
  IsotropicView view(SectionFile::open(path, kKind));
  if (view.mean_.size() != dimension || view.directions_.size() % dimension != 0 ||
      view.directions_.size() > kDirections * dimension || view.row_norms_.size() != rows ||
      view.group_norms_.size() != groups) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected a view of {} rows of {} dimensions in {} groups, found another",
                path.string(), rows, dimension, groups);
  }
  return view;
}

IsotropicQuery IsotropicView::prepare(std::span<const float> query) const {
  IsotropicQuery prepared{{query.begin(), query.end()}, 0};
  project(mean_, directions_, prepared.direction);
  const float norm = norm_of(prepared.direction);
  for (float& value : prepared.direction) value = norm > 0 ? value / norm : 0;
  // The direction is its own projection, so its product with P(x - mean) is that with x - mean.
  prepared.shift = kernels().dot(prepared.direction.data(), mean_.data(), mean_.size());
  return prepared;
}

}  // namespace enlace
