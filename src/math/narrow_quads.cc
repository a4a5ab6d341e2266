#include "math/narrow_quads.h"

#include <algorithm>
#include <cmath>

#include "math/products.h"

namespace enlace {

float widest_quad(std::span<const float> column) {
  constexpr std::size_t kTwoQuads = 8;
  float widest = 0;
  for (std::size_t first = 0; first < column.size(); first += kTwoQuads) {
    float sums[2][2] = {};  // by quad, below and above zero
    const std::size_t count = std::min(kTwoQuads, column.size() - first);
    for (std::size_t k = 0; k < count; ++k) {
      const float value = column[first + k];
      sums[quad_of(k)][value > 0 ? 1 : 0] += std::fabs(value);
    }
    widest = std::max({widest, sums[0][0], sums[0][1], sums[1][0], sums[1][1]});
  }
  return widest;
}

}  // namespace enlace
