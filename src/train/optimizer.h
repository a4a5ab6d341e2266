// AdamW over the parameters of an encoder.
#pragma once

#include <cstdint>
#include <vector>

#include "math/buffer.h"
#include "math/train_kernels.h"
#include "train/encoder_pass.h"
#include "train/parameters.h"

namespace enlace {

struct AdamOptions {
  double rate = 2e-5;
  double first_decay = 0.9;
  double second_decay = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;  // of all parameters, as the SapBERT code does
  double clip = 0;             // the greatest norm of the gradients of a step; 0: any
  bool freeze_tokens = false;  // token embeddings stay as they are
};

/// Loshchilov and Hutter 2019, arXiv:1711.05101, as torch.optim.AdamW computes it. What PyTorch
/// does to all rows of the token embeddings at every step, this does to the rows that ever had a
/// gradient; of the others, which only decay, it keeps one factor, so that their parameters lag
/// behind by it.
class Optimizer {
 public:
  /// Keeps references.
  Optimizer(const ParameterLayout& layout, const AdamOptions& options, float* parameters);

  /// One step with the gradients, which are zeroed, and `rate` for options.rate. `touched` are the
  /// token rows with a gradient. Returns the norm of the gradients before clipping; if that is not
  /// finite, nothing is changed but the gradients.
  double step(double rate, TouchedTokens touched, float* gradients, std::size_t workers);

  /// What the embedding of a token is still to be multiplied with.
  float lag(std::size_t token) const noexcept { return is_active_[token] ? 1 : decayed_; }

  // What a checkpoint keeps: with these a new optimizer goes on to the same bits.
  std::uint64_t steps() const noexcept { return steps_; }
  const std::vector<std::int32_t>& active_tokens() const noexcept { return active_; }
  const float* mean() const noexcept { return mean_.get(); }
  const float* square() const noexcept { return square_.get(); }

  float decayed() const noexcept { return decayed_; }

  /// Goes on after `steps` steps with what another optimizer had then.
  void resume(std::uint64_t steps, float decayed, std::vector<std::int32_t> active,
              Memory<float> mean, Memory<float> square);

 private:
  void activate(TouchedTokens touched);
  /// Of step number steps_, for gradients of norm `norm`.
  AdamStep adam_step(double rate, double norm) const noexcept;

  const ParameterLayout& layout_;
  AdamOptions options_;
  float* parameters_;
  Memory<float> mean_, square_;
  std::vector<std::int32_t> active_;  // token rows that had a gradient, in the order they got it
  std::vector<bool> is_active_;
  float decayed_ = 1;  // what the other rows are to be multiplied with
  std::uint64_t steps_ = 0;
};

}  // namespace enlace
