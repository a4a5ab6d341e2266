// Which pairs a step trains on.
#pragma once

#include <cstdint>
#include <vector>

#include "train/pair_set.h"

namespace enlace {

/// For some labels, labels whose texts the model finds alike: what it has still to learn to tell
/// apart.
struct Neighbours {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::size_t each = 0;
  std::vector<std::uint32_t> row_of;  // by label: its row below, or kNone
  std::vector<std::uint32_t> near;    // (rows, each): labels, the nearest first

  bool empty() const noexcept { return near.empty(); }
};

/// A step's pairs depend on the seed, the number of the step and the neighbours alone: so a run
/// that is resumed goes on with the same ones.
class BatchSampler {
 public:
  struct Options {
    std::size_t pairs = 256;  // a batch
    std::uint64_t seed = 33;
    /// Empty: every pair once an epoch, shuffled. Else the weight of each kind of pairs: a kind is
    /// drawn by its weight, then any pair of it.
    std::vector<double> kind_weights;
    /// Pairs of a batch that are of neighbours: one drawn as above, the others of labels near its
    /// own. 1: none. Only with kind_weights.
    std::size_t group = 1;
  };

  /// Keeps a reference to `set`, which is finished and not empty.
  BatchSampler(const PairSet& set, Options options);

  /// Numbers of pairs in the set.
  std::vector<std::uint32_t> batch(std::uint64_t step, const Neighbours& neighbours);

  /// Steps that take every pair once; by weights, as many pairs as there are of kinds with one
  /// above 0.
  std::uint64_t steps_of_epoch() const noexcept;

 private:
  std::vector<std::uint32_t> shuffled_batch(std::uint64_t step);
  std::vector<std::uint32_t> drawn_batch(std::uint64_t step, const Neighbours& neighbours) const;

  const PairSet& set_;
  Options options_;
  std::size_t epoch_ = 0;  // pairs
  std::vector<std::vector<std::uint32_t>> by_kind_;
  std::vector<double> up_to_kind_;  // sums of weights, the last 1
  std::vector<std::uint32_t> order_;
  std::uint64_t order_epoch_ = 0;
};

/// The weight of each kind: n^exponent of its n pairs, in shares of `rest`. Kinds from
/// `replay_kind` on share 1 - rest evenly; 0: there are none.
std::vector<double> weights_by_temperature(const PairSet& set, double exponent,
                                           std::size_t replay_kind, double replay_share);

}  // namespace enlace
