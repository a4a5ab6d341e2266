#include "train/objectives.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/parallel.h"
#include "math/buffer.h"
#include "math/kernels.h"
#include "math/packed_matrix.h"

namespace enlace {
namespace {

/// Anchors that one worker takes at a time.
constexpr std::size_t kAnchors = 16;

/// Vectors of length 1 and the lengths they had.
struct Normalized {
  std::vector<float> values, lengths;
  std::size_t rows, cols;

  MatrixView<const float> view() const noexcept { return {values.data(), rows, cols}; }
};

Normalized normalized(MatrixView<const float> x) {
  Normalized y{std::vector<float>(x.rows() * x.cols()), std::vector<float>(x.rows()), x.rows(),
               x.cols()};
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const float* row = x.row(i).data();
    y.lengths[i] = std::max(std::sqrt(kernels().dot(row, row, x.cols())), 1e-12F);
    for (std::size_t c = 0; c < x.cols(); ++c) {
      y.values[i * x.cols() + c] = row[c] / y.lengths[i];
    }
  }
  return y;
}

template <class Body>
void for_anchors(std::size_t workers, std::size_t count, const Body& body) {
  parallel_for(workers, (count + kAnchors - 1) / kAnchors, [&](std::size_t, std::size_t item) {
    body(item * kAnchors, std::min((item + 1) * kAnchors, count));
  });
}

/// A matrix of N x N, its rows padded to whole panels.
struct Square {
  Memory<float> values;
  std::size_t size, stride;

  explicit Square(std::size_t n)
      : values(allocate<float>(rounded_up(n, kPanelWidth) * rounded_up(n, kPanelWidth))),
        size(n),
        stride(rounded_up(n, kPanelWidth)) {}
  float* row(std::size_t i) const noexcept { return values.get() + i * stride; }
};

/// c (M, padded N) = a b^T by rows.
void multiply_rows(MatrixView<const float> a, const PackedMatrix& b, MatrixView<float> c,
                   std::size_t workers) {
  for_anchors(workers, a.rows(), [&](std::size_t first, std::size_t last) {
    const ProductScope scope;
    multiply(a.slice(first, last), b, c.slice(first, last));
  });
}

Square similarities_of(const Normalized& y, std::size_t workers) {
  Square s(y.rows);
  multiply_rows(y.view(), PackedMatrix(y.view()), {s.values.get(), y.rows, s.stride}, workers);
  return s;
}

/// From G, the gradient at S row by row of anchors, to that at x: (G + G^T) y at y, and of that
/// what is across y, over the length.
void gradient_at_vectors(const Normalized& y, const Square& slopes, MatrixView<float> gradient,
                         std::size_t workers) {
  const std::size_t N = y.rows, C = y.cols;
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const float both = slopes.row(i)[j] + slopes.row(j)[i];
      slopes.row(i)[j] = slopes.row(j)[i] = both;
    }
  }
  std::vector<float> turned(C * slopes.stride);
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t c = 0; c < C; ++c) turned[c * slopes.stride + i] = y.values[i * C + c];
  }
  const PackedMatrix panels({turned.data(), C, slopes.stride});
  Buffer<float> room;
  const auto at_y = room.shape(N, panels.padded_rows());
  multiply_rows({slopes.values.get(), N, slopes.stride}, panels, at_y, workers);
  for (std::size_t i = 0; i < N; ++i) {
    const float* g = at_y.row(i).data();
    const float* v = &y.values[i * C];
    const float along = kernels().dot(g, v, C);
    for (std::size_t c = 0; c < C; ++c) gradient.row(i)[c] = (g[c] - along * v[c]) / y.lengths[i];
  }
}

bool may_be_negative(const BatchLabels& labels, std::size_t i, std::size_t j) noexcept {
  return labels.labels[i] != labels.labels[j] &&
         (labels.not_negative.empty() || labels.not_negative[i * labels.labels.size() + j] == 0);
}
bool is_positive(const BatchLabels& labels, std::size_t i, std::size_t j) noexcept {
  return i != j && labels.labels[i] == labels.labels[j];
}

float distance(float similarity) noexcept {
  return std::sqrt(std::max(2 - 2 * similarity, 0.0F));
}

/// What a miner keeps of one anchor's row.
struct Mined {
  std::uint8_t* positive;
  std::uint8_t* negative;
};

void mine_row(const float* similarities, const BatchLabels& labels, std::size_t anchor,
              float margin, Mined to) {
  const std::size_t N = labels.labels.size();
  float nearest = std::numeric_limits<float>::infinity(), furthest = -nearest;
  for (std::size_t j = 0; j < N; ++j) {
    const float d = distance(similarities[j]);
    if (is_positive(labels, anchor, j)) furthest = std::max(furthest, d);
    if (may_be_negative(labels, anchor, j)) nearest = std::min(nearest, d);
  }
  // Differences, as in the triplets that this stands for: their rounding decides on the border.
  for (std::size_t j = 0; j < N; ++j) {
    const float d = distance(similarities[j]);
    to.positive[j] = is_positive(labels, anchor, j) && nearest - d <= margin;
    to.negative[j] = may_be_negative(labels, anchor, j) && d - furthest <= margin;
  }
}

/// log(1 + sum of exp(x_j)) over some j, and the shares exp(x_j) / (1 + sum) in place of x.
class SoftPlus {
 public:
  void add(float x) noexcept { top_ = std::max(top_, x); }
  void count(float x) noexcept { sum_ += std::exp(double(x) - double(top_)); }
  double total() const noexcept { return sum_ + std::exp(-double(top_)); }
  double value() const noexcept { return double(top_) + std::log(total()); }
  double share(float x) const noexcept { return std::exp(double(x) - double(top_)) / total(); }

 private:
  float top_ = 0;  // that of the 1
  double sum_ = 0;
};

/// log(1 + exp(x)), for any x.
double softplus(double x) noexcept {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

struct RowLoss {
  double loss = 0;
  std::uint64_t positives = 0, negatives = 0;
};

LossResult sum_of(const std::vector<RowLoss>& rows) {
  LossResult result;
  for (const RowLoss& row : rows) {
    result.loss += row.loss;
    result.positives += row.positives;
    result.negatives += row.negatives;
  }
  return result;
}

}  // namespace

MinedPairs mine_triplets(MatrixView<const float> similarities, const BatchLabels& labels,
                         float margin) {
  const std::size_t N = labels.labels.size();
  MinedPairs pairs{std::vector<std::uint8_t>(N * N), std::vector<std::uint8_t>(N * N)};
  for (std::size_t i = 0; i < N; ++i) {
    mine_row(similarities.row(i).data(), labels, i, margin,
             {&pairs.positive[i * N], &pairs.negative[i * N]});
  }
  return pairs;
}

LossResult multi_similarity(MatrixView<const float> vectors, const BatchLabels& labels,
                            const MultiSimilarityOptions& options, MatrixView<float> gradient,
                            std::size_t workers) {
  const std::size_t N = vectors.rows();
  const Normalized y = normalized(vectors);
  const Square s = similarities_of(y, workers);
  std::vector<RowLoss> rows(N);
  for_anchors(workers, N, [&](std::size_t first, std::size_t last) {
    std::vector<std::uint8_t> kept(2 * N);
    for (std::size_t a = first; a < last; ++a) {
      float* row = s.row(a);
      const Mined mined{kept.data(), kept.data() + N};
      mine_row(row, labels, a, options.margin, mined);
      const auto pull = [&](std::size_t j) { return -options.alpha * (row[j] - options.base); };
      const auto push = [&](std::size_t j) { return options.beta * (row[j] - options.base); };
      SoftPlus near, far;
      for (std::size_t j = 0; j < N; ++j) {
        if (mined.positive[j] != 0) near.add(pull(j));
        if (mined.negative[j] != 0) far.add(push(j));
      }
      for (std::size_t j = 0; j < N; ++j) {
        if (mined.positive[j] != 0) near.count(pull(j)), ++rows[a].positives;
        if (mined.negative[j] != 0) far.count(push(j)), ++rows[a].negatives;
      }
      if (rows[a].positives > 0) rows[a].loss += near.value() / double(options.alpha);
      if (rows[a].negatives > 0) rows[a].loss += far.value() / double(options.beta);
      rows[a].loss /= double(N);
      for (std::size_t j = 0; j < N; ++j) {
        double slope = 0;
        if (mined.positive[j] != 0) slope = -near.share(pull(j)) / double(N);
        if (mined.negative[j] != 0) slope = far.share(push(j)) / double(N);
        row[j] = static_cast<float>(slope);
      }
    }
  });
  gradient_at_vectors(y, s, gradient, workers);
  return sum_of(rows);
}

LossResult info_nce(MatrixView<const float> vectors, const BatchLabels& labels, float temperature,
                    MatrixView<float> gradient, std::size_t workers) {
  const std::size_t N = vectors.rows();
  const Normalized y = normalized(vectors);
  const Square s = similarities_of(y, workers);
  std::uint64_t pairs = 0;
  for (std::size_t a = 0; a < N; ++a) {
    for (std::size_t p = 0; p < N; ++p) pairs += is_positive(labels, a, p) ? 1 : 0;
  }
  std::vector<RowLoss> rows(N);
  for_anchors(workers, N, [&](std::size_t first, std::size_t last) {
    std::vector<double> slopes(N);
    for (std::size_t a = first; a < last; ++a) {
      float* row = s.row(a);
      float top = -1;  // of the negatives
      for (std::size_t j = 0; j < N; ++j) {
        if (may_be_negative(labels, a, j)) top = std::max(top, row[j]);
      }
      const auto below_top = [&](std::size_t j) {
        return (double(row[j]) - double(top)) / double(temperature);
      };
      double negatives = 0;  // of exp((S - top) / t), one of which is 1
      for (std::size_t j = 0; j < N; ++j) {
        if (may_be_negative(labels, a, j)) {
          negatives += std::exp(below_top(j));
          ++rows[a].negatives;
        }
      }
      std::ranges::fill(slopes, 0.0);
      const double unit = 1 / (double(pairs) * double(temperature));
      double pushed = 0;  // the sum over positives of the negatives' share beside them
      for (std::size_t p = 0; p < N; ++p) {
        if (!is_positive(labels, a, p)) continue;
        ++rows[a].positives;
        const double lead = std::log(negatives) - below_top(p);  // -inf without negatives
        const double share = 1 / (1 + std::exp(-lead));
        rows[a].loss += softplus(lead) / double(pairs);
        slopes[p] = -share * unit;
        pushed += share;
      }
      for (std::size_t j = 0; j < N; ++j) {
        if (may_be_negative(labels, a, j)) {
          slopes[j] = std::exp(below_top(j)) / negatives * pushed * unit;
        }
      }
      for (std::size_t j = 0; j < N; ++j) row[j] = static_cast<float>(slopes[j]);
    }
  });
  gradient_at_vectors(y, s, gradient, workers);
  return sum_of(rows);
}

}  // namespace enlace
