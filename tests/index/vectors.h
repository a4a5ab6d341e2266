// Vectors for the tests of index, and the definition of a search.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <span>
#include <vector>

#include "files.h"
#include "index/flat_index.h"
#include "math/kernels.h"

namespace enlace {

/// Owned row-major values.
struct Vectors {
  std::vector<float> values;
  std::size_t cols;

  std::size_t rows() const { return values.size() / cols; }
  MatrixView<const float> view() const { return {values.data(), rows(), cols}; }
};

inline Vectors random_vectors(std::size_t rows, std::size_t cols, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Vectors vectors{std::vector<float>(rows * cols), cols};
  for (float& value : vectors.values) value = normal(random);
  return vectors;
}

/// Small whole numbers, whose products are exact in any order and often tied.
inline Vectors whole_vectors(std::size_t rows, std::size_t cols, std::uint32_t seed) {
  std::mt19937 random(seed);
  Vectors vectors{std::vector<float>(rows * cols), cols};
  for (float& value : vectors.values) value = float(int(random() % 5) - 2);
  return vectors;
}

/// Exact products, often tied, and most of the variance in few dimensions.
inline Vectors uneven_vectors(std::size_t rows, std::size_t cols, std::uint32_t seed) {
  auto vectors = whole_vectors(rows, cols, seed);
  for (std::size_t i = 0; i < vectors.values.size(); ++i) {
    vectors.values[i] /= i % cols % 5 == 0 ? 1 : 8;
  }
  return vectors;
}

inline std::filesystem::path write_index(const Vectors& vectors, std::string_view name = "index",
                                         std::size_t block = 1000) {
  const auto path = fresh_path(name);
  FlatIndexWriter writer(path, vectors.cols, 9);
  for (std::size_t row = 0; row < vectors.rows(); row += block) {
    writer.append(vectors.view().slice(row, std::min(vectors.rows(), row + block)));
  }
  writer.finish(2);
  return path;
}

/// The definition: every allowed row, sorted.
inline std::vector<Neighbour> brute_force(const Vectors& vectors, std::span<const float> query,
                                          std::size_t k, const RowFilter& filter = {}) {
  std::vector<Neighbour> all;
  for (std::uint32_t row = 0; row < vectors.rows(); ++row) {
    const float score =
        kScalarKernels.dot(query.data(), vectors.view().row(row).data(), query.size());
    if (filter.allows(row) && !std::isnan(score)) all.push_back({row, score});
  }
  std::sort(all.begin(), all.end(), better);
  all.resize(std::min(k, all.size()));
  return all;
}

}  // namespace enlace
