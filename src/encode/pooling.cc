#include "encode/pooling.h"

#include <algorithm>
#include <cmath>

namespace enlace {

void pool(MatrixView<const float> states, const ModelUsage& usage, std::span<float> out) noexcept {
  std::fill(out.begin(), out.end(), 0.0F);
  if (states.rows() == 0) return;
  const std::size_t used = usage.pooling == Pooling::kCls ? 1 : states.rows();
  for (std::size_t t = 0; t < used; ++t) {
    const auto row = states.row(t);
    for (std::size_t c = 0; c < out.size(); ++c) out[c] += row[c];
  }
  float factor = 1 / float(used);
  if (usage.normalize) {
    double square = 0;
    for (const float value : out) square += double(value) * double(value);
    factor = square > 0 ? float(1 / std::sqrt(square)) : 0;
  }
  for (float& value : out) value *= factor;
}

}  // namespace enlace
