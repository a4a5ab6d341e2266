// Which rows of a batch and which weights the encoder takes together, so that they stay in the
// caches.
#pragma once

#include <cstddef>

#include "nn/encoder.h"

namespace enlace {

/// Rows that go through the products around a norm together: with their sums they stay in the
/// second-level cache.
inline constexpr std::size_t kChunkRows = 64;

/// Columns of a matrix of `T` with at least `columns`: rows begin an odd number of cache lines
/// apart, so that a block of few columns does not crowd into few sets of the first-level cache.
template <class T>
constexpr std::size_t spread(std::size_t columns) noexcept {
  constexpr std::size_t kInLine = 64 / sizeof(T);
  const std::size_t lines = (columns + kInLine - 1) / kInLine;
  return (lines | 1) * kInLine;
}

/// Whether the states between layers are kept in binary16: in int8, whose steps are wider, where
/// the processor computes with it.
bool states_in_halves(Precision precision) noexcept;

/// Whether gelu(up) has 16 bits.
bool inner_in_halves(Precision precision) noexcept;

/// Columns of memory for at least `columns` of states.
std::size_t spread_states(bool in_halves, std::size_t columns) noexcept;

/// Slices of the feed-forward width whose weights, up and down, are used for all rows before
/// others: as many as stay in the cache of a thread alone. A crew takes the same: sums are rounded
/// between one group of slices and the next, and a text's vector may not depend on who made it.
std::size_t slices_together(const EncoderLayer& layer) noexcept;

/// Whether a chunk's sums are done at once: then they leave their memory, and its cache, to those
/// of the next.
bool at_once(const EncoderLayer& layer) noexcept;

/// The steps of attention. In each, queries, keys and values are made of some rows, as many as fill
/// the blocks of the product; sequences that are whole by then are attended to, and what follows
/// attention is done for so many of the results as fill its blocks. What is left waits. A crew has
/// one step.
class AttentionSteps {
 public:
  AttentionSteps(const EncoderLayer& layer, const Batch& batch, bool first_only,
                 std::size_t workers) noexcept;

  /// False if there is none after this.
  bool next() noexcept;

  /// Of the step, after next():
  Range rows() const noexcept { return rows_; }            // that queries, keys, values are made of
  Range sequences() const noexcept { return sequences_; }  // that are attended to
  Range results() const noexcept { return results_; }    // rows of x that what follows is done for
  std::size_t added() const noexcept { return added_; }  // results of the sequences
  /// Results that are there before what follows is done, the added ones last.
  std::size_t waiting() const noexcept { return waiting_; }

 private:
  const Batch& batch_;
  bool first_only_;
  std::size_t step_;  // rows
  Range rows_{0, 0}, sequences_{0, 0}, results_{0, 0};
  std::size_t added_ = 0, waiting_ = 0;
};

/// Whether queries, keys and values are kept in bf16.
bool in_bf16(Precision precision) noexcept;

/// Room for all that the threads of a pass over `batch` share.
void reserve(const EncoderWeights& weights, const Batch& batch, std::size_t workers,
             SharedStates& states);

}  // namespace enlace
