// What is dropped where in an encoder, as a function of the step's seed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/random.h"
#include "math/train_kernels.h"

namespace enlace {

/// Each site of an encoder and each row there has a key of its own, so that backward drops what
/// forward dropped, in any order and by any number of workers. Rows are those of the batch. Seeds
/// that are near, as those of successive steps, have nothing in common.
struct DropoutSites {
  float hidden_rate = 0;     // after the embeddings, the attention part and the feed-forward part
  float attention_rate = 0;  // of shares
  std::uint64_t seed = 0;

  Dropout embedded(std::size_t row) const noexcept { return at(hidden_rate, 0, row); }
  Dropout shares(std::size_t layer, std::size_t place) const noexcept {
    return at(attention_rate, 3 * layer + 1, place);
  }
  Dropout attended(std::size_t layer, std::size_t row) const noexcept {
    return at(hidden_rate, 3 * layer + 2, row);
  }
  Dropout fed(std::size_t layer, std::size_t row) const noexcept {
    return at(hidden_rate, 3 * layer + 3, row);
  }

 private:
  Dropout at(float rate, std::size_t site, std::size_t row) const noexcept {
    if (rate <= 0) return {};
    Random random(Random(seed).next() ^ (std::uint64_t{site} << 40) ^ row);
    const double threshold = std::min(double(rate) * 0x1p32, 0x1p32 - 1);
    return {static_cast<std::uint32_t>(random.next()), static_cast<std::uint32_t>(threshold),
            1 / (1 - rate)};
  }
};

/// Drops of a row of n values what `dropout` says.
inline void drop_row(float* x, std::size_t n, const Dropout& dropout) noexcept {
  if (dropout.threshold != 0) train_kernels<float>().drop(x, n, dropout);
}

}  // namespace enlace
