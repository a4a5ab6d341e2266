// Rounding a row of weights to whole steps so that its products with the inputs that come change
// little.
//
// Rounded one by one, weights err on their own. Where inputs go together, what one weight lost can
// be given to those that are rounded after it: GPTQ (Frantar et al. 2023, arXiv:2210.17323) or,
// what is the same, Babai's nearest plane. With H the mean of x x^T over inputs x, and H = L^T L
// for a lower triangular L, the mean square of (w - q) . x is the length of L (w - q), whose part m
// is
//
//   L_mm (w_m + sum over i < m of L_mi / L_mm (w_i - q_i) - q_m)
//
// so that q_m is rounded from all but the last term within the brackets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace enlace {

/// How the weights of a row's n channels are rounded.
struct RoundingPlan {
  std::vector<std::uint32_t> order;  // (n) those first whose inputs are widest
  // (n, n), by place in the order: [i][m] is what the weight in place m > i takes of the error of
  // that in place i. Empty: nothing.
  std::vector<float> shares;
  std::vector<float> costs;  // (n) by place: of the square of what its weight is off in the end
};

/// Every weight by itself.
RoundingPlan plain_rounding(std::size_t n);

/// For inputs of which `products` (n, stride) has the sums of x_k x_l, l <= k, and whose channels
/// are then multiplied with `scale` (n). Inputs that were not seen are allowed for by a tenth of
/// the mean square on the diagonal. Cost: O(n^3). The same on every machine.
RoundingPlan spread_rounding(const float* products, std::size_t stride,
                             std::span<const float> scale);

/// The least step by which all weights are in [-127, 127]; 1 if all are 0.
float step_of(std::span<const float> weights) noexcept;

/// The n weights as whole steps in [-127, 127]. Requires step > 0. `bytes` has room for n.
void round_weights(const RoundingPlan& plan, std::span<const float> weights, float step,
                   std::int8_t* bytes);

/// The least step by which, but for what rounding adds, the quads of the weights are narrow too
/// (math/products.h).
float narrow_step_of(std::span<const float> weights);

/// Rounds to none but narrow quads: a weight that finds no room in its quad is cut. Returns the
/// step, a little more or less than narrow_step_of, whichever costs least.
float round_narrow(const RoundingPlan& plan, std::span<const float> weights, std::int8_t* bytes);

}  // namespace enlace
