// Vectors as bytes, and how far a product of bytes may be from that of the vectors.
//
// N rows x and a query y of D dimensions, m the mean of the rows. Embeddings crowd in a narrow
// cone, so bytes are spent on what tells rows apart: the rows and the query without the mean, each
// in steps of its own, with whole numbers q, p in -127 .. 127 and what rounding leaves, e and d:
//
//   x - m = s q + e        y - m = t p + d
//
//   y.x = y.m + m.(x - m) + (y - m).(x - m)
//       = base + bias + s t p.q + s d.q + (y - m).e
//
// base depends on the query alone, bias on the row alone, and both are exact. By Cauchy and Schwarz
// the last two terms are at most s (|d| |q| + |y - m| |e| / s). Of |q| and |e| / s the greatest of
// each group of rows is kept. They vary little, so that hardly more rows than the best k can be
// among the best k, and those are told apart by their floats: the result is that of floats.
//
// A row that is not finite, or too long to be multiplied without overflow, has an infinite bias:
// whatever the query, its floats are to be asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "math/buffer.h"
#include "math/matrix.h"
#include "math/packed_matrix.h"

namespace enlace {

/// Rows whose bounds are kept together: a whole number of the tiles that products are made of.
inline constexpr std::size_t kGroupRows = 96;

/// The greatest of a group's rows.
struct GroupBounds {
  float length;  // |q|
  float error;   // |e| / s
  float norm;    // |x| + |m|: what rounding errors are measured by
};

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

/// Rows of bytes: views of what a RowQuantizer made.
struct ByteRows {
  std::span<const float> mean;           // (D)
  MatrixView<const std::uint8_t> bytes;  // (N, byte_stride(D)): q + 128
  std::span<const float> scales;         // (N): s
  std::span<const float> biases;         // (N)
  std::span<const GroupBounds> bounds;   // (N / kGroupRows, rounded up)
};

/// Turns rows into bytes.
class RowQuantizer {
 public:
  /// Keeps a copy of the mean.
  explicit RowQuantizer(std::span<const float> mean);

  /// The bytes of (rows, D) go to `bytes`, (rows, byte_stride(D)), the rest to `scales`, `biases`
  /// (rows), and `bounds`. Rows begin a group. Const: from several threads at once.
  void quantize(MatrixView<const float> rows, MatrixView<std::uint8_t> bytes,
                std::span<float> scales, std::span<float> biases,
                std::span<GroupBounds> bounds) const;

 private:
  std::vector<float> mean_;
  double norm_;
};

/// Queries as bytes, in panels for the products, or row by row.
class ByteQueries {
 public:
  /// How the sums of a query's and a group's bytes become upper bounds of scores: with a sum c over
  /// bytes q + 128, bias + s (step c + shift) + margin >= y.x, and that less
  /// 2 (s spread + margin) <= y.x, by whatever order of additions in f32.
  struct Terms {
    float step, shift, spread, margin;
  };

  /// Whether a vector can be a row of bytes, or such a query.
  static bool can_be(std::span<const float> vector) noexcept;

  /// Requires can_be(query) of each of `queries` (Q, D), and a finite mean.
  ByteQueries(MatrixView<const float> queries, std::span<const float> mean);

  std::size_t size() const noexcept { return queries_.size(); }
  std::size_t panels() const noexcept { return rounded_up(size(), kPanelWidth) / kPanelWidth; }

  /// The bytes of query q, byte_stride(D) of them.
  const std::int8_t* row(std::size_t q) const noexcept { return rows_.get() + q * stride_; }
  /// Panel p of the queries, as math/packed_matrix.h lays it out.
  const std::int8_t* panel(std::size_t p) const noexcept {
    return panels_.get() + p * kPanelWidth * stride_;
  }

  float base(std::size_t q) const noexcept { return queries_[q].base; }
  Terms terms(std::size_t q, const GroupBounds& group) const noexcept {
    const Query& query = queries_[q];
    const float spread = query.error * group.length + query.length * group.error;
    return {query.step, query.zero + spread, spread, query.rounding * group.norm + kUnderflow};
  }

 private:
  static constexpr float kUnderflow = 1e-35F;  // of products of tiny numbers
  struct Query {
    float step, zero;     // t, and minus t times 128 times the sum of p
    float base;           // y.m
    float error, length;  // |d|, |y - m|
    float rounding;       // of scores in f32, by group.norm
  };

  std::size_t stride_;
  std::vector<Query> queries_;
  Memory<std::int8_t> rows_, panels_;
};

}  // namespace enlace
