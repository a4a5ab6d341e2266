#include "nn/input_statistics.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "nn/encoder_weights.h"
#include "nn/linear.h"

namespace enlace {
namespace {

constexpr std::size_t kRowsTogether = 4;

/// sums[l] += the sum of row[k] row[l] over the rows, for l <= k.
void add_products(const std::array<const float*, kRowsTogether>& rows, std::size_t k,
                  float* sums) noexcept {
  const auto [a, b, c, d] = rows;
  for (std::size_t l = 0; l <= k; ++l) {
    sums[l] += (a[k] * a[l] + b[k] * b[l]) + (c[k] * c[l] + d[k] * d[l]);
  }
}

}  // namespace

InputStatistics::InputStatistics(std::size_t channels)
    : greatest(channels), products(rounded_up(channels, kSliceDepth) * kSliceDepth) {}

void InputStatistics::see(MatrixView<const float> x, std::size_t first) {
  assert(first % kSliceDepth == 0);
  constexpr std::array<float, kSliceDepth> kNoRow{};
  const std::size_t last = std::min(first + x.cols(), greatest.size());
  for (std::size_t n = 0; n < x.rows(); n += kRowsTogether) {
    for (std::size_t begin = first; begin < last; begin += kSliceDepth) {
      std::array<const float*, kRowsTogether> rows;
      for (std::size_t i = 0; i < kRowsTogether; ++i) {
        rows[i] = n + i < x.rows() ? &x.row(n + i)[begin - first] : kNoRow.data();
      }
      for (std::size_t k = 0; k < std::min(kSliceDepth, last - begin); ++k) {
        for (const float* row : rows) {
          greatest[begin + k] = std::max(greatest[begin + k], std::fabs(row[k]));
        }
        add_products(rows, k, &products[(begin + k) * kSliceDepth]);
      }
    }
  }
}

RoundingPlan rounding_of_slice(const InputStatistics* inputs, std::size_t first,
                               std::span<const float> scale) {
  if (inputs == nullptr) return plain_rounding(scale.size());
  return spread_rounding(&inputs->products[first * kSliceDepth], kSliceDepth, scale);
}

EncoderStatistics empty_statistics(const EncoderWeights& weights) {
  EncoderStatistics statistics;
  for (const EncoderLayer& layer : weights.layers) {
    statistics.push_back({InputStatistics(layer.qkv.in), InputStatistics(layer.output.in),
                          InputStatistics(layer.up.in), InputStatistics(layer.down.in)});
  }
  return statistics;
}

}  // namespace enlace
