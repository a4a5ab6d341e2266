#include "index/byte_rows.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>

namespace enlace {
namespace {

constexpr float kGreatest = 127;          // of the whole numbers that a byte stands for
constexpr std::uint8_t kZero = 128;       // the byte of 0
constexpr double kGreatestNorm = 1e16;    // whose products with 2 sqrt(D) times it are finite
constexpr float kSmallestRange = 1e-30F;  // below it steps would lose digits

// Sums are kept in lanes of their own, so that the compiler may add them side by side; their order
// is fixed, and so are the bytes of a file.
constexpr std::size_t kLanes = 8;

template <class Term>
double sum_of(std::size_t n, const Term& term) {
  double lanes[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += term(i + lane);
  }
  for (; i < n; ++i) lanes[0] += term(i);
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

double norm_of(std::span<const float> x) {
  return std::sqrt(sum_of(x.size(), [&](std::size_t i) { return double(x[i]) * double(x[i]); }));
}

double dot(std::span<const float> x, std::span<const float> y) {
  return sum_of(x.size(), [&](std::size_t i) { return double(x[i]) * double(y[i]); });
}

float greatest_of(std::span<const float> x) {
  std::uint32_t lanes[kLanes] = {};  // as bits: floats without sign are in the order of these
  const auto take = [&](std::size_t lane, float value) {
    lanes[lane] = std::max(lanes[lane], std::bit_cast<std::uint32_t>(value) & 0x7FFFFFFFU);
  };
  std::size_t i = 0;
  for (; i + kLanes <= x.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) take(lane, x[i + lane]);
  }
  for (; i < x.size(); ++i) take(0, x[i]);
  return std::bit_cast<float>(*std::max_element(lanes, lanes + kLanes));
}

/// A vector as whole numbers times `step`.
struct Whole {
  float step;     // 0 if all are 0
  double length;  // of the whole numbers
  double error;   // length of what rounding leaves
};

/// Writes the whole number closest to x[i] / step to put(i, …). Requires finite values.
template <class Put>
Whole round_to_bytes(std::span<const float> x, std::vector<float>& numbers, const Put& put) {
  const float greatest = greatest_of(x);
  if (greatest == 0) {
    for (std::size_t i = 0; i < x.size(); ++i) put(i, 0);
    return {0, 0, 0};
  }
  const float step = std::max(greatest, kSmallestRange) / kGreatest;
  const float inverse = 1 / step;
  numbers.resize(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    // Adding 1.5 2^23 rounds to a whole number: the last bits of the sum. |x| inverse < 128.
    constexpr float kRounder = 0x1.8p23F;
    const float sum = x[i] * inverse + kRounder;
    put(i, static_cast<std::int8_t>(std::bit_cast<std::uint32_t>(sum)));
    numbers[i] = sum - kRounder;
  }
  const double error = sum_of(x.size(), [&](std::size_t i) {
    const double left = double(x[i]) - double(step) * double(numbers[i]);
    return left * left;
  });
  return {step, norm_of(numbers), std::sqrt(error)};
}

/// x - mean in f32. The rounding of a difference is within what `rounding` allows for.
void subtract(std::span<const float> x, std::span<const float> mean, std::vector<float>& left) {
  left.resize(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) left[i] = x[i] - mean[i];
}

/// As f32, not below it.
float no_less(double value) {
  return static_cast<float>(value * (1 + 0x1p-20));
}

}  // namespace

bool ByteQueries::can_be(std::span<const float> vector) noexcept {
  return norm_of(vector) <= kGreatestNorm;  // false for what is not a number
}

void RowMean::add(MatrixView<const float> rows) {
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const auto row = rows.row(r);
    if (!ByteQueries::can_be(row)) continue;
    for (std::size_t i = 0; i < row.size(); ++i) sums_[i] += double(row[i]);
    ++count_;
  }
}

std::vector<float> RowMean::mean() const {
  std::vector<float> mean;
  for (const double sum : sums_) {
    mean.push_back(count_ > 0 ? static_cast<float>(sum / double(count_)) : 0);
  }
  return mean;
}

RowQuantizer::RowQuantizer(std::span<const float> mean)
    : mean_(mean.begin(), mean.end()), norm_(norm_of(mean)) {}

void RowQuantizer::quantize(MatrixView<const float> rows, MatrixView<std::uint8_t> bytes,
                            std::span<float> scales, std::span<float> biases,
                            std::span<GroupBounds> bounds) const {
  assert(bytes.cols() == byte_stride(mean_.size()) && bytes.rows() == rows.rows());
  std::ranges::fill(bounds, GroupBounds{0, 0, 0});
  std::vector<float> left, numbers;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const auto row = rows.row(r);
    const auto to = bytes.row(r);
    std::fill(to.begin() + std::ptrdiff_t(row.size()), to.end(), kZero);
    if (!ByteQueries::can_be(row)) {
      std::fill(to.begin(), to.end(), kZero);
      scales[r] = 0;
      biases[r] = std::numeric_limits<float>::infinity();
      continue;
    }
    subtract(row, mean_, left);
    const Whole whole = round_to_bytes(left, numbers, [&](std::size_t i, std::int8_t number) {
      to[i] = static_cast<std::uint8_t>(static_cast<std::uint8_t>(number) ^ kZero);
    });
    scales[r] = whole.step;
    biases[r] = static_cast<float>(dot(mean_, left));
    GroupBounds& group = bounds[r / kGroupRows];
    group.length = std::max(group.length, no_less(whole.length));
    if (whole.step > 0) {
      group.error = std::max(group.error, no_less(whole.error / double(whole.step)));
    }
    group.norm = std::max(group.norm, no_less(norm_of(row) + norm_));
  }
}

ByteQueries::ByteQueries(MatrixView<const float> queries, std::span<const float> mean)
    : stride_(byte_stride(mean.size())),
      rows_(allocate<std::int8_t>(queries.rows() * stride_)),
      panels_(allocate<std::int8_t>(rounded_up(queries.rows(), kPanelWidth) * stride_)) {
  // The product of a query and a row in f32 errs by at most D u |y| |x| (Higham 2002, section 3.1;
  // u = 2^-24). A score from bytes adds up numbers of at most 2 sqrt(D) (|y| + |m|) (|x| + |m|) in
  // three steps, the differences and base and bias err by u of themselves.
  const double D = double(mean.size());
  const double rounding = (D + 8 * std::sqrt(D) + 16) * 0x1p-24;
  const double mean_norm = norm_of(mean);
  std::vector<float> left, numbers;
  for (std::size_t q = 0; q < queries.rows(); ++q) {
    assert(can_be(queries.row(q)));
    subtract(queries.row(q), mean, left);
    std::int8_t* to = rows_.get() + q * stride_;
    const Whole whole =
        round_to_bytes(left, numbers, [&](std::size_t i, std::int8_t number) { to[i] = number; });
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < mean.size(); ++i) sum += to[i];
    const double y_norm = norm_of(queries.row(q));
    queries_.push_back({whole.step, -whole.step * 128.0F * float(sum),
                        static_cast<float>(dot(queries.row(q), mean)), no_less(whole.error),
                        no_less(norm_of(left)), no_less(rounding * (y_norm + mean_norm))});
  }
  pack<std::int8_t>({rows_.get(), queries.rows(), stride_}, panels_.get());
}

}  // namespace enlace
