#include "index/byte_rows.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>

#include "math/narrow_quads.h"
#include "math/principal_directions.h"

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

/// Writes the whole number closest to x[i] / step to put(i, …), in steps by which no number is
/// above 127, and not below `least_step`. Requires finite values.
template <class Put>
Whole round_to_bytes(std::span<const float> x, float least_step, std::vector<float>& numbers,
                     const Put& put) {
  const float greatest = greatest_of(x);
  if (greatest == 0) {
    for (std::size_t i = 0; i < x.size(); ++i) put(i, 0);
    return {0, 0, 0};
  }
  const float step = std::max(std::max(greatest, kSmallestRange) / kGreatest, least_step);
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

/// The least step by which a query's head has narrow quads.
float narrow_step_of_head(std::span<const float> head) {
  constexpr float kMostRounded = 4 * 0.5F;  // what rounding adds to a quad
  return widest_quad(head) / (float(kMostOfQuad) - kMostRounded);
}

/// What vectors are in a space: `left` without the mean, `turned` in its basis, both (any, D).
struct Seen {
  std::vector<float> left, turned;

  /// Differences and, by rotating_error(), products err by what bounds allow for.
  void see(MatrixView<const float> vectors, const ByteSpace& space) {
    const std::size_t n = vectors.rows(), D = space.dimension();
    left.resize(n * D);
    for (std::size_t r = 0; r < n; ++r) {
      for (std::size_t i = 0; i < D; ++i) left[r * D + i] = vectors.row(r)[i] - space.mean[i];
    }
    if (space.basis.rows() == 0) {
      turned = left;
      return;
    }
    const PackedMatrix packed({left.data(), n, D});
    const std::size_t width = packed.padded_rows();
    std::vector<float> product(D * width);
    multiply(space.basis, packed, {product.data(), D, width});
    turned.resize(n * D);
    for (std::size_t r = 0; r < n; ++r) {
      for (std::size_t i = 0; i < D; ++i) turned[r * D + i] = product[i * width + r];
    }
  }
};

/// How far the product of two rotated vectors may be from that of the vectors, by the product of
/// their lengths: D u sqrt(D) for each of them (u = 2^-24), and the rounding of the basis.
double rotating_error(const ByteSpace& space) {
  if (space.basis.rows() == 0) return 0;
  const double D = double(space.dimension());
  return (2 * D + 8) * std::sqrt(D) * 0x1p-24;
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

BasisChoice choose_basis(MatrixView<const float> sample, std::span<const float> mean) {
  constexpr std::size_t kLongestHead = 256, kMostForBasis = 2048;
  constexpr double kShare = 0.85;  // of the variance: below it, bounds by heads let too much pass
  const std::size_t D = mean.size(), stride = byte_stride(D);
  const std::size_t longest = std::min(kLongestHead, stride / 2 / kDepthBytes * kDepthBytes);
  if (longest == 0 || D > kMostForBasis || sample.rows() < D) return {{}, stride};
  Seen seen;
  seen.see(sample, {mean, {nullptr, 0, D}, stride});
  BasisChoice choice{leading_basis({seen.left.data(), sample.rows(), D}, longest), longest};
  seen.see(sample, {mean, {choice.basis.data(), D, D}, longest});
  std::vector<double> variance(D);
  double whole = 0, part = 0;
  for (std::size_t i = 0; i < seen.turned.size(); ++i) {
    const double square = double(seen.turned[i]) * double(seen.turned[i]);
    variance[i % D] += square;
    whole += square;
  }
  for (std::size_t i = 0; i < longest; ++i) {
    part += variance[i];
    if ((i + 1) % kDepthBytes != 0 || part < kShare * whole) continue;
    choice.head = i + 1;
    mix_directions(choice.basis, D, choice.head);
    return choice;
  }
  return {{}, stride};
}

void ByteRows::prove(std::size_t begin, std::size_t end) const {
  const auto require = [&](const auto* first, std::size_t count) {
    pages->require(reinterpret_cast<const std::byte*>(first), count * sizeof *first);
  };
  if (begin == end) return;
  require(heads.row(begin).data(), (end - begin) * heads.cols());
  require(&scales[begin], end - begin);
  require(&biases[begin], end - begin);
  require(&rests[begin], end - begin);
  require(&bounds[begin / kGroupRows], (end - 1) / kGroupRows - begin / kGroupRows + 1);
}

void ByteRows::prove_tails(std::size_t begin, std::size_t end) const {
  pages->require(reinterpret_cast<const std::byte*>(tails.data() + begin * tails.cols()),
                 (end - begin) * tails.cols());
}

void quantize_rows(const ByteSpace& space, MatrixView<const float> rows, ByteBlock& block) {
  const std::size_t n = rows.rows(), D = space.dimension();
  block.heads.assign(n * space.head, kZero);
  block.tails.assign(n * space.tail(), kZero);
  block.scales.assign(n, 0);
  block.biases.assign(n, std::numeric_limits<float>::infinity());
  block.rests.assign(n, 0);
  block.bounds.assign((n + kGroupRows - 1) / kGroupRows, GroupBounds{0, 0, 0});
  const double mean_norm = norm_of(space.mean);
  Seen seen;
  std::vector<float> numbers;
  for (std::size_t r = 0; r < n; ++r) {
    if (r % kGroupRows == 0) seen.see(rows.slice(r, std::min(n, r + kGroupRows)), space);
    if (!ByteQueries::can_be(rows.row(r))) continue;
    const std::span<const float> left(&seen.left[r % kGroupRows * D], D);
    const std::span<const float> turned(&seen.turned[r % kGroupRows * D], D);
    std::uint8_t* head = block.heads.data() + r * space.head;
    std::uint8_t* tail = block.tails.data() + r * space.tail();
    const Whole whole = round_to_bytes(turned, 0, numbers, [&](std::size_t i, std::int8_t number) {
      const auto byte = static_cast<std::uint8_t>(static_cast<std::uint8_t>(number) ^ kZero);
      (i < space.head ? head[i] : tail[i - space.head]) = byte;
    });
    block.scales[r] = whole.step;
    block.biases[r] = static_cast<float>(dot(space.mean, left));
    if (D > space.head && whole.step > 0) {
      block.rests[r] =
          no_less(double(whole.step) * norm_of(std::span(numbers).subspan(space.head)));
    }
    GroupBounds& group = block.bounds[r / kGroupRows];
    group.length = std::max(group.length, no_less(whole.length));
    if (whole.step > 0) {
      group.error = std::max(group.error, no_less(whole.error / double(whole.step)));
    }
    group.norm = std::max(group.norm, no_less(norm_of(rows.row(r)) + mean_norm));
  }
}

ByteQueries::ByteQueries(MatrixView<const float> queries, const ByteSpace& space)
    : size_(queries.rows()),
      stride_(byte_stride(space.dimension())),
      rows_(allocate<std::int8_t>(queries.rows() * stride_)),
      panels_(allocate<std::int8_t>(rounded_up(queries.rows(), kPanelWidth) * stride_)),
      fine_rows_(allocate<std::int8_t>(queries.rows() * stride_)) {
  // The product of a query and a row in f32 errs by at most D u |y| |x| (Higham 2002, section 3.1;
  // u = 2^-24). A score from bytes adds up numbers of at most 2 sqrt(D) (|y| + |m|) (|x| + |m|) in
  // a few steps, the differences and base and bias err by u of themselves.
  const std::size_t D = space.dimension();
  const double rounding = (double(D) + 12 * std::sqrt(double(D)) + 24) * 0x1p-24;
  const double mean_norm = norm_of(space.mean);
  for (auto* terms : {&step_, &head_zero_, &zero_, &base_, &tail_, &error_, &length_, &rounding_,
                      &fine_step_, &fine_zero_, &fine_error_, &none_}) {
    terms->resize(rounded_up(size_, kPanelWidth));
  }
  Seen seen;
  seen.see(queries, space);
  std::vector<float> numbers, left;
  const bool narrow = size_ > kFewQueries && products().wants_narrow;
  for (std::size_t q = 0; q < queries.rows(); ++q) {
    assert(can_be(queries.row(q)));
    std::int8_t* to = rows_.get() + q * stride_;
    const std::span<const float> turned(&seen.turned[q * D], D);
    const float least_step =
        narrow ? narrow_step_of_head(turned.first(std::min(space.head, D))) : 0;
    const Whole whole = round_to_bytes(turned, least_step, numbers,
                                       [&](std::size_t i, std::int8_t number) { to[i] = number; });
    std::int8_t* to_fine = fine_rows_.get() + q * stride_;
    left.resize(D);
    for (std::size_t i = 0; i < D; ++i) {
      left[i] = turned[i] - whole.step * float(to[i]);
    }
    const Whole fine = round_to_bytes(
        left, 0, numbers, [&](std::size_t i, std::int8_t number) { to_fine[i] = number; });
    const auto minus_zero = [&](float step, const std::int8_t* bytes, std::size_t count) {
      std::int32_t sum = 0;
      for (std::size_t i = 0; i < count; ++i) sum += bytes[i];
      return -step * 128.0F * float(sum);
    };
    double tail = 0;
    for (std::size_t i = space.head; i < D; ++i) tail += double(to[i]) * double(to[i]);
    const double length = norm_of(std::span<const float>(&seen.left[q * D], D));
    step_[q] = whole.step;
    head_zero_[q] = minus_zero(whole.step, to, space.head);
    zero_[q] = minus_zero(whole.step, to, stride_);
    base_[q] = static_cast<float>(dot(queries.row(q), space.mean));
    tail_[q] = no_less(double(whole.step) * std::sqrt(tail));
    error_[q] = no_less(whole.error + rotating_error(space) * length);
    length_[q] = no_less(length);
    fine_step_[q] = fine.step;
    fine_zero_[q] = minus_zero(fine.step, to_fine, stride_);
    // The difference that left is was rounded itself.
    fine_error_[q] = no_less(fine.error + (rotating_error(space) + 0x1p-22) * length);
    rounding_[q] = no_less(rounding * (norm_of(queries.row(q)) + mean_norm));
  }
  pack<std::int8_t>({rows_.get(), queries.rows(), stride_}, panels_.get());
}

}  // namespace enlace
