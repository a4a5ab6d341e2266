#include "math/principal_directions.h"

#include <algorithm>
#include <cmath>

#include "math/packed_matrix.h"

namespace enlace {
namespace {

constexpr std::size_t kRowsPerBlock = 512;
constexpr std::size_t kSteps = 100;

using Doubles = std::vector<double>;

/// x^T x, (D, D), summed in double over blocks of rows.
Doubles scatter_of(MatrixView<const float> x) {
  const std::size_t D = x.cols();
  Doubles scatter(D * D);
  std::vector<float> transposed, product;
  for (std::size_t begin = 0; begin < x.rows(); begin += kRowsPerBlock) {
    const auto block = x.slice(begin, std::min(x.rows(), begin + kRowsPerBlock));
    transposed.assign(D * block.rows(), 0);
    for (std::size_t r = 0; r < block.rows(); ++r) {
      for (std::size_t d = 0; d < D; ++d) transposed[d * block.rows() + r] = block.row(r)[d];
    }
    const MatrixView<const float> columns(transposed.data(), D, block.rows());
    const PackedMatrix packed(columns);
    product.assign(D * packed.padded_rows(), 0);
    multiply(columns, packed, {product.data(), D, packed.padded_rows()});
    for (std::size_t i = 0; i < D; ++i) {
      for (std::size_t j = 0; j < D; ++j) {
        scatter[i * D + j] += double(product[i * packed.padded_rows() + j]);
      }
    }
  }
  return scatter;
}

double dot(const double* a, const double* b, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

/// Makes the rows of q (count, D) orthonormal, one after the other (modified Gram-Schmidt); a row
/// that the others span becomes 0.
void orthonormalize(Doubles& q, std::size_t D) {
  for (double* row = q.data(); row < q.data() + q.size(); row += D) {
    for (const double* before = q.data(); before < row; before += D) {
      const double along = dot(row, before, D);
      for (std::size_t d = 0; d < D; ++d) row[d] -= along * before[d];
    }
    const double norm = std::sqrt(dot(row, row, D));
    for (std::size_t d = 0; d < D; ++d) row[d] = norm > 1e-30 ? row[d] / norm : 0;
  }
}

}  // namespace

std::vector<float> mean_row(MatrixView<const float> x) {
  Doubles sum(x.cols());
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t d = 0; d < x.cols(); ++d) sum[d] += double(x.row(r)[d]);
  }
  std::vector<float> mean;
  for (const double value : sum) mean.push_back(static_cast<float>(value / double(x.rows())));
  return mean;
}

std::vector<float> principal_directions(MatrixView<const float> x, std::size_t count) {
  assert(count <= x.cols());
  const std::size_t D = x.cols();
  const Doubles scatter = scatter_of(x);
  Doubles q(count * D), image(count * D);
  for (std::size_t i = 0; i < count; ++i) q[i * D + i] = 1;
  for (std::size_t step = 0; step < kSteps; ++step) {
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t d = 0; d < D; ++d) image[i * D + d] = dot(&q[i * D], &scatter[d * D], D);
    }
    orthonormalize(image, D);
    std::swap(q, image);
  }
  std::vector<float> directions;
  for (const double value : q) directions.push_back(static_cast<float>(value));
  return directions;
}

}  // namespace enlace
