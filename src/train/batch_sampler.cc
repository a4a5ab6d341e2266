#include "train/batch_sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"

namespace enlace {
namespace {

constexpr int kTries = 16;  // to draw a pair whose label has neighbours

Random random_for(std::uint64_t seed, std::uint64_t number) noexcept {
  return Random(Random(seed ^ number * 0x9E3779B97F4A7C15U).next());
}

template <class T>
const T& any_of(std::span<const T> values, Random& random) noexcept {
  return values[random.below(values.size())];
}

}  // namespace

BatchSampler::BatchSampler(const PairSet& set, Options options)
    : set_(set), options_(std::move(options)) {
  if (options_.kind_weights.empty()) {
    epoch_ = set.size();
    order_.resize(set.size());
    order_epoch_ = ~std::uint64_t{0};
    return;
  }
  by_kind_.resize(options_.kind_weights.size());
  for (std::uint32_t i = 0; i < set.size(); ++i) by_kind_[set.pair(i).kind].push_back(i);
  double sum = 0;
  for (std::size_t kind = 0; kind < by_kind_.size(); ++kind) {
    if (!by_kind_[kind].empty()) sum += options_.kind_weights[kind];
    if (options_.kind_weights[kind] > 0) epoch_ += by_kind_[kind].size();
    up_to_kind_.push_back(sum);
  }
  for (double& up_to : up_to_kind_) up_to /= sum;
}

std::uint64_t BatchSampler::steps_of_epoch() const noexcept {
  return (epoch_ + options_.pairs - 1) / options_.pairs;
}

std::vector<std::uint32_t> BatchSampler::batch(std::uint64_t step, const Neighbours& neighbours) {
  return by_kind_.empty() ? shuffled_batch(step) : drawn_batch(step, neighbours);
}

std::vector<std::uint32_t> BatchSampler::shuffled_batch(std::uint64_t step) {
  const std::uint64_t epoch = step / steps_of_epoch();
  if (epoch != order_epoch_) {
    std::iota(order_.begin(), order_.end(), 0U);
    Random random = random_for(options_.seed, epoch);
    for (std::size_t i = order_.size(); i > 1; --i) {  // Durstenfeld 1964, CACM 7
      std::swap(order_[i - 1], order_[random.below(i)]);
    }
    order_epoch_ = epoch;
  }
  const std::size_t first = step % steps_of_epoch() * options_.pairs;
  const std::size_t last = std::min(first + options_.pairs, order_.size());
  return {order_.begin() + std::ptrdiff_t(first), order_.begin() + std::ptrdiff_t(last)};
}

std::vector<std::uint32_t> BatchSampler::drawn_batch(std::uint64_t step,
                                                     const Neighbours& neighbours) const {
  Random random = random_for(options_.seed, step);
  const auto draw = [&] {
    const double at = random.unit();
    std::size_t kind = std::size_t(std::ranges::upper_bound(up_to_kind_, at) - up_to_kind_.begin());
    kind = std::min(kind, by_kind_.size() - 1);
    while (by_kind_[kind].empty()) --kind;  // only where rounding left the last sum below 1
    return any_of(std::span<const std::uint32_t>(by_kind_[kind]), random);
  };
  std::vector<std::uint32_t> pairs;
  while (pairs.size() < options_.pairs) {
    std::uint32_t pair = draw();
    if (options_.group < 2 || neighbours.empty()) {
      pairs.push_back(pair);
      continue;
    }
    const auto row_of = [&](std::uint32_t of) { return neighbours.row_of[set_.pair(of).label]; };
    for (int i = 0; i < kTries && row_of(pair) == Neighbours::kNone; ++i) pair = draw();
    pairs.push_back(pair);
    const std::uint32_t row = row_of(pair);
    if (row == Neighbours::kNone) continue;
    std::vector<std::uint32_t> near(
        neighbours.near.begin() + std::ptrdiff_t(row * neighbours.each),
        neighbours.near.begin() + std::ptrdiff_t((row + 1) * neighbours.each));
    for (std::size_t i = 1; i < options_.group && pairs.size() < options_.pairs; ++i) {
      if (near.empty()) break;
      std::swap(near[random.below(near.size())], near.back());
      pairs.push_back(any_of(set_.with_label(near.back()), random));
      near.pop_back();
    }
  }
  return pairs;
}

std::vector<double> weights_by_temperature(const PairSet& set, double exponent,
                                           std::size_t replay_kind, double replay_share) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const std::size_t kind = set.pair(i).kind;
    if (kind >= weights.size()) weights.resize(kind + 1);
    ++weights[kind];
  }
  double own = 0, replay = 0;
  for (std::size_t kind = 0; kind < weights.size(); ++kind) {
    const bool is_replay = replay_kind > 0 && kind >= replay_kind;
    if (weights[kind] > 0) weights[kind] = is_replay ? 1 : std::pow(weights[kind], exponent);
    (is_replay ? replay : own) += weights[kind];
  }
  if (replay == 0) replay_share = 0;
  if (own == 0) replay_share = 1;
  for (std::size_t kind = 0; kind < weights.size(); ++kind) {
    const bool is_replay = replay_kind > 0 && kind >= replay_kind;
    if (weights[kind] > 0) {
      weights[kind] *= is_replay ? replay_share / replay : (1 - replay_share) / own;
    }
  }
  return weights;
}

}  // namespace enlace
