#include "math/principal_directions.h"

#include <algorithm>
#include <cassert>
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

/// Makes orthonormal rows, of which some may be 0, a basis (D, D): by the unit vectors that lie
/// farthest from what they span.
void complete(Doubles& q, std::size_t D) {
  Doubles whole;
  Doubles left(D, 1.0);  // squared distance of each unit vector
  const auto append = [&](const double* row) {
    whole.insert(whole.end(), row, row + D);
    for (std::size_t d = 0; d < D; ++d) left[d] -= row[d] * row[d];
  };
  for (const double* row = q.data(); row < q.data() + q.size(); row += D) {
    if (dot(row, row, D) > 0.5) append(row);
  }
  Doubles row(D);
  while (whole.size() < D * D) {
    const auto farthest = std::size_t(std::max_element(left.begin(), left.end()) - left.begin());
    std::fill(row.begin(), row.end(), 0.0);
    row[farthest] = 1;
    for (const double* before = whole.data(); before < whole.data() + whole.size(); before += D) {
      const double along = dot(row.data(), before, D);
      for (std::size_t d = 0; d < D; ++d) row[d] -= along * before[d];
    }
    const double norm = std::sqrt(dot(row.data(), row.data(), D));
    for (double& value : row) value /= norm;
    append(row.data());
  }
  q = std::move(whole);
}

std::vector<float> to_floats(const Doubles& values) {
  std::vector<float> floats;
  floats.reserve(values.size());
  for (const double value : values) floats.push_back(static_cast<float>(value));
  return floats;
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
  return to_floats(q);
}

std::vector<float> leading_basis(MatrixView<const float> x, std::size_t count) {
  assert(count <= x.cols());
  constexpr std::size_t kFewSteps = 16;
  const std::size_t D = x.cols();
  const std::vector<float> scatter = to_floats(scatter_of(x));
  const PackedMatrix packed({scatter.data(), D, D});
  Doubles q(count * D);
  for (std::size_t i = 0; i < count; ++i) q[i * D + i] = 1;
  std::vector<float> image(count * packed.padded_rows());
  for (std::size_t step = 0; step < kFewSteps; ++step) {
    const std::vector<float> floats = to_floats(q);
    multiply({floats.data(), count, D}, packed, {image.data(), count, packed.padded_rows()});
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t d = 0; d < D; ++d)
        q[i * D + d] = double(image[i * packed.padded_rows() + d]);
    }
    orthonormalize(q, D);
  }
  orthonormalize(q, D);  // what the first time leaves of nearly parallel rows
  complete(q, D);
  orthonormalize(q, D);
  return to_floats(q);
}

void mix_directions(std::vector<float>& basis, std::size_t D, std::size_t count) {
  assert(count % kMixed == 0 && count * D <= basis.size());
  const std::size_t mixtures = count / kMixed;  // dealt in turn, so that each gets its share
  double values[kMixed];
  for (std::size_t mixture = 0; mixture < mixtures; ++mixture) {
    for (std::size_t d = 0; d < D; ++d) {
      const auto value = [&](std::size_t i) -> float& {
        return basis[(mixture + i * mixtures) * D + d];
      };
      for (std::size_t i = 0; i < kMixed; ++i) values[i] = double(value(i)) / 8;
      for (std::size_t apart = 1; apart < kMixed; apart *= 2) {
        for (std::size_t i = 0; i < kMixed; ++i) {
          if ((i & apart) != 0) continue;
          const double sum = values[i] + values[i + apart];
          values[i + apart] = values[i] - values[i + apart];
          values[i] = sum;
        }
      }
      for (std::size_t i = 0; i < kMixed; ++i) value(i) = static_cast<float>(values[i]);
    }
  }
}

}  // namespace enlace
