#include "train/optimizer.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"

namespace enlace {
namespace {

/// Values that one worker takes at a time. Sums of squares are taken in such blocks, in order.
constexpr std::size_t kBlock = 1 << 16;
constexpr std::size_t kBlockRows = 256;  // of token embeddings

std::size_t pieces(std::size_t count, std::size_t in_piece) noexcept {
  return (count + in_piece - 1) / in_piece;
}

}  // namespace

Optimizer::Optimizer(const ParameterLayout& layout, const AdamOptions& options, float* parameters)
    : layout_(layout),
      options_(options),
      parameters_(parameters),
      mean_(allocate_sparse<float>(layout.size)),
      square_(allocate_sparse<float>(layout.size)),
      is_active_(layout.config.vocabulary) {}

void Optimizer::activate(TouchedTokens touched) {
  for (const std::int32_t id : touched) {
    if (is_active_[std::size_t(id)]) continue;
    is_active_[std::size_t(id)] = true;
    active_.push_back(id);
    float* row = parameters_ + layout_.token(std::size_t(id));
    for (std::size_t c = 0; c < layout_.width; ++c) row[c] *= decayed_;
  }
}

AdamStep Optimizer::adam_step(double rate, double norm) const noexcept {
  const double t = double(steps_);
  const double clip = options_.clip > 0 ? std::min(1.0, options_.clip / (norm + 1e-6)) : 1.0;
  return {static_cast<float>(options_.first_decay),
          static_cast<float>(options_.second_decay),
          static_cast<float>(1 - rate * options_.weight_decay),
          static_cast<float>(rate / (1 - std::pow(options_.first_decay, t))),
          static_cast<float>(1 / std::sqrt(1 - std::pow(options_.second_decay, t))),
          static_cast<float>(options_.epsilon),
          static_cast<float>(clip)};
}

double Optimizer::step(double rate, TouchedTokens touched, float* gradients, std::size_t workers) {
  const auto& run = train_kernels<float>();
  const std::size_t blocks = pieces(layout_.tokens, kBlock);
  const std::size_t touched_pieces = pieces(touched.size(), kBlockRows);
  const std::size_t width = layout_.width;
  std::vector<double> sums(blocks + touched_pieces);
  parallel_for(workers, sums.size(), [&](std::size_t, std::size_t item) {
    if (item < blocks) {
      const std::size_t first = item * kBlock;
      sums[item] = run.square_sum(gradients + first, std::min(kBlock, layout_.tokens - first));
      return;
    }
    if (options_.freeze_tokens) return;
    const std::size_t first = (item - blocks) * kBlockRows;
    for (std::size_t i = first; i < std::min(first + kBlockRows, touched.size()); ++i) {
      sums[item] += run.square_sum(gradients + layout_.token(std::size_t(touched[i])), width);
    }
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  const double norm = std::sqrt(total);

  const bool taken = std::isfinite(norm);
  if (taken) ++steps_;
  if (taken && !options_.freeze_tokens) activate(touched);
  const AdamStep step = adam_step(rate, norm);
  const auto take = [&](std::size_t first, std::size_t count) {
    run.adam(step, gradients + first, count, parameters_ + first, mean_.get() + first,
             square_.get() + first);
  };
  const std::size_t rows = taken ? active_.size() : 0;
  parallel_for(workers, blocks + pieces(rows, kBlockRows), [&](std::size_t, std::size_t item) {
    if (item < blocks) {
      const std::size_t first = item * kBlock, count = std::min(kBlock, layout_.tokens - first);
      if (taken) take(first, count);
      std::fill_n(gradients + first, count, 0.0F);
      return;
    }
    const std::size_t first = (item - blocks) * kBlockRows;
    for (std::size_t i = first; i < std::min(first + kBlockRows, rows); ++i) {
      take(layout_.token(std::size_t(active_[i])), width);
    }
  });
  if (taken && !options_.freeze_tokens) decayed_ *= step.keep;
  for (const std::int32_t id : touched) {
    std::fill_n(gradients + layout_.token(std::size_t(id)), width, 0.0F);
  }
  return norm;
}

void Optimizer::resume(std::uint64_t steps, float decayed, std::vector<std::int32_t> active,
                       Memory<float> mean, Memory<float> square) {
  steps_ = steps;
  decayed_ = decayed;
  active_ = std::move(active);
  is_active_.assign(layout_.config.vocabulary, false);
  for (const std::int32_t id : active_) is_active_[std::size_t(id)] = true;
  mean_ = std::move(mean);
  square_ = std::move(square);
}

}  // namespace enlace
