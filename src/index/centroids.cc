#include "index/centroids.h"

#include <algorithm>

#include "base/parallel.h"

namespace enlace {

Centroids::Centroids(MatrixView<const float> points) : packed_(points) {
  for (std::size_t c = 0; c < points.rows(); ++c) {
    double square = 0;
    for (const float value : points.row(c)) square += double(value) * double(value);
    half_squares_.push_back(static_cast<float>(square / 2));
  }
}

void Centroids::closeness(MatrixView<const float> rows, std::vector<float>& scores) const {
  scores.resize(rows.rows() * width());
  multiply(rows, packed_, {scores.data(), rows.rows(), width()});
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < half_squares_.size(); ++c) {
      scores[r * width() + c] -= half_squares_[c];
    }
  }
}

std::vector<std::uint32_t> Centroids::assign(MatrixView<const float> rows,
                                             std::size_t workers) const {
  constexpr std::size_t kRowsAtOnce = 256;
  std::vector<std::uint32_t> closest(rows.rows());
  std::vector<std::vector<float>> scores(std::max<std::size_t>(1, workers));
  const std::size_t blocks = (rows.rows() + kRowsAtOnce - 1) / kRowsAtOnce;
  parallel_for(workers, blocks, [&](std::size_t worker, std::size_t block) {
    const std::size_t begin = block * kRowsAtOnce;
    const auto some = rows.slice(begin, std::min(rows.rows(), begin + kRowsAtOnce));
    closeness(some, scores[worker]);
    for (std::size_t r = 0; r < some.rows(); ++r) {
      const auto first = scores[worker].begin() + std::ptrdiff_t(r * width());
      const auto last = first + std::ptrdiff_t(half_squares_.size());
      closest[begin + r] = std::uint32_t(std::max_element(first, last) - first);
    }
  });
  return closest;
}

}  // namespace enlace
