// Vectors as bytes, and how far a product of bytes may be from that of the vectors.
//
// N rows x and a query y of D dimensions, m the mean of the rows, R an orthonormal basis.
// Embeddings crowd in a narrow cone, so bytes are spent on what tells rows apart: the rows and the
// query without the mean, each in steps of its own, with whole numbers q, p in -127 .. 127 and what
// rounding leaves, e and d:
//
//   R (x - m) = s q + e        R (y - m) = t p + d
//
//   y.x = y.m + m.(x - m) + (y - m).(x - m)
//       = base + bias + s t p.q + s d.q + R(y - m).e
//
// base depends on the query alone, bias on the row alone, and both are exact. By Cauchy and Schwarz
// the last two terms are at most s (|d| |q| + |y - m| |e| / s). Of |q| and |e| / s the greatest of
// each group of rows is kept: they vary little.
//
//   m = (0.9, 0.1), no basis; x = (1, 0.3), y = (0.8, 0.4), whose product is 0.92
//   x - m = (0.1, 0.2)    s = 0.2 / 127   q = (64, 127)    e = (-0.0008, 0)   bias = 0.11
//   y - m = (-0.1, 0.3)   t = 0.3 / 127   p = (-42, 127)   d = (-0.0008, 0)   base = 0.76
//   base + bias + s t p.q = 0.92000, and it cannot be off by more than 0.0002 + 0.0003
//
// The basis begins with the directions in which rows vary most, so that a row's head, its first
// bytes, tells most of the product. Those are mixed with one another: along a mixture vectors reach
// half as far as along the first directions, so steps are half as long. What the tail can add is
// at most |t p_tail| rest, with rest = |s q_tail| of the row. The tail is looked at only if that
// might lift the row among the best; where heads tell too little, rows have no tails and the basis
// is left out.
//
// Hardly more rows than the best k pass both bounds, and those are told apart by their floats: the
// result is that of floats.
//
// A row that is not finite, or too long to be multiplied without overflow, has an infinite bias:
// whatever the query, its floats are to be asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "io/paged_array.h"
#include "math/buffer.h"
#include "math/matrix.h"
#include "math/packed_matrix.h"
#include "math/scan_kernels.h"

namespace enlace {

/// Rows whose bounds are kept together: the greatest |q|, |e| / s and |x| + |m|, by which rounding
/// errors are measured. A whole number of the tiles that products are made of.
inline constexpr std::size_t kGroupRows = 96;

/// As many queries as are multiplied one by one, at the speed of memory; more, in panels.
inline constexpr std::size_t kFewQueries = 8;

/// Bytes of a row: D rounded up to what the products take.
constexpr std::size_t byte_stride(std::size_t dimension) noexcept {
  return packed_depth<std::int8_t>(dimension);
}

/// The mean of the rows that can be rows of bytes; 0 if there are none. Its last bit depends
/// neither on the machine nor on how rows come in blocks.
class RowMean {
 public:
  explicit RowMean(std::size_t dimension) : sums_(dimension) {}
  void add(MatrixView<const float> rows);
  std::vector<float> mean() const;

 private:
  std::vector<double> sums_;
  std::uint64_t count_ = 0;
};

/// How vectors are seen before they become bytes. A view.
struct ByteSpace {
  std::span<const float> mean;    // (D): m
  MatrixView<const float> basis;  // (D, D): R; or (0, D), which leaves them as they are
  std::size_t head;               // bytes of a head: a multiple of 64, up to byte_stride(D)

  std::size_t dimension() const noexcept { return mean.size(); }
  std::size_t tail() const noexcept { return byte_stride(dimension()) - head; }
};

/// A basis and a head for rows like `sample` (any, D); finite rows with this mean.
struct BasisChoice {
  std::vector<float> basis;
  std::size_t head;
};
BasisChoice choose_basis(MatrixView<const float> sample, std::span<const float> mean);

/// Rows of bytes: views of what quantize_rows() made, as it stands in a file. Its functions throw
/// Error(kCorrupt) if what they prove is damaged.
struct ByteRows {
  ByteSpace space;
  MatrixView<const std::uint8_t> heads;  // (N, head): q + 128
  MatrixView<const std::uint8_t> tails;  // (N, tail)
  std::span<const float> scales;         // (N): s
  std::span<const float> biases;         // (N)
  std::span<const float> rests;          // (N)
  std::span<const GroupBounds> bounds;   // (N / kGroupRows, rounded up)
  const PageProofs* pages = nullptr;     // of all that but the space

  /// Proves all but the tails of rows [begin, end).
  void prove(std::size_t begin, std::size_t end) const;
  void prove_tails(std::size_t begin, std::size_t end) const;
};

/// The same, owned: a block of rows on its way to a file.
struct ByteBlock {
  std::vector<std::uint8_t> heads, tails;
  std::vector<float> scales, biases, rests;
  std::vector<GroupBounds> bounds;
};

/// The bytes of `rows` (any, D), whose first begins a group. Equal rows give equal bytes if the
/// basis is left out, or on equal kernels.
void quantize_rows(const ByteSpace& space, MatrixView<const float> rows, ByteBlock& block);

/// Queries as bytes, in panels for the products, or row by row.
class ByteQueries {
 public:
  /// How sums become bounds of scores. With the sum c over the bytes q + 128 of a whole row,
  ///   y.x <= base + bias + s (step c + shift) + margin
  /// by whatever order of additions in f32; and that less 2 (s spread + margin) is not more than
  /// y.x.
  struct Terms {
    float step, shift, spread, margin;
  };

  /// Whether a vector can be a row of bytes, or such a query.
  static bool can_be(std::span<const float> vector) noexcept;

  /// Requires can_be(query) of each of `queries` (Q, D), and of the mean.
  ByteQueries(MatrixView<const float> queries, const ByteSpace& space);

  std::size_t size() const noexcept { return size_; }
  std::size_t stride() const noexcept { return stride_; }
  std::size_t panels() const noexcept { return rounded_up(size(), kPanelWidth) / kPanelWidth; }
  std::size_t panel_stride() const noexcept { return kPanelWidth * stride_; }

  /// The bytes of query q, byte_stride(D) of them.
  const std::int8_t* row(std::size_t q) const noexcept { return rows_.get() + q * stride_; }
  /// Panel p of the queries, as math/packed_matrix.h lays it out; the words of their tails follow
  /// those of their heads, which have narrow quads where products() wants them, if there are more
  /// than kFewQueries.
  const std::int8_t* panel(std::size_t p) const noexcept {
    return panels_.get() + p * panel_stride();
  }

  float base(std::size_t q) const noexcept { return base_[q]; }

  Terms terms(std::size_t q, const GroupBounds& group) const noexcept {
    const float spread = error_[q] * group.length + length_[q] * group.error;
    return {step_[q], zero_[q] + spread, spread, rounding_[q] * group.norm + kScanUnderflow};
  }

  /// What d is as bytes, in turn: with the sum c' over the bytes of a row times fine_row(q), the
  /// terms above hold closer if shift is fine_step c' plus that of fine_terms().
  Terms fine_terms(std::size_t q, const GroupBounds& group) const noexcept {
    const float spread = fine_error_[q] * group.length + length_[q] * group.error;
    return {step_[q], zero_[q] + fine_zero_[q] + spread, spread,
            rounding_[q] * group.norm + kScanUnderflow};
  }
  float fine_step(std::size_t q) const noexcept { return fine_step_[q]; }
  const std::int8_t* fine_row(std::size_t q) const noexcept {
    return fine_rows_.get() + q * stride_;
  }

  /// What the sums over heads are to be compared with, from query q on. With the bounds of a group
  /// (math/scan_kernels.h), y.x - base is no more than bound - floor can say: a row whose bound is
  /// below the floor scores less than base + floor[q].
  ScanColumns heads_from(std::size_t q, const float* floor) const noexcept {
    return {&step_[q], &head_zero_[q], &tail_[q], &error_[q], &length_[q], &rounding_[q], floor};
  }

  /// The same without what else a score may be: a row whose estimate by its head is below.
  ScanColumns estimates_from(std::size_t q, const float* floor) const noexcept {
    const float* none = &none_[q];
    return {&step_[q], &head_zero_[q], none, none, none, none, floor};
  }

  /// What is most likely: with the sum c over the bytes of a whole row, y.x is near
  ///   base + bias + s (step c + zero)
  float step(std::size_t q) const noexcept { return step_[q]; }
  float zero(std::size_t q) const noexcept { return zero_[q]; }

 private:
  std::size_t size_, stride_;
  // By query, and zeros up to a whole panel.
  std::vector<float> step_;              // t
  std::vector<float> head_zero_, zero_;  // minus t times 128 times the sum of p over head, over all
  std::vector<float> base_;              // y.m
  std::vector<float> tail_;              // |t p| over the tail
  std::vector<float> error_;             // |d|, and what rotating may err by
  std::vector<float> length_;            // |y - m|
  std::vector<float> rounding_;          // of scores in f32, by the norm of a group
  std::vector<float> fine_step_, fine_zero_, fine_error_;  // the same of d
  std::vector<float> none_;                                // 0
  Memory<std::int8_t> rows_, panels_, fine_rows_;
};

}  // namespace enlace
