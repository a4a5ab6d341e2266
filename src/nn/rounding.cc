#include "nn/rounding.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "math/narrow_quads.h"
#include "math/products.h"

namespace enlace {
namespace {

constexpr float kDamping = 0.1F;  // of the mean of the diagonal, added to it
constexpr float kNarrowSteps[] = {0.94F, 0.97F, 1, 1.03F, 1.06F};  // times narrow_step_of

/// y[i] += a x[i] for i < n.
void add_multiple(float a, const float* x, std::size_t n, float* y) noexcept {
  for (std::size_t i = 0; i < n; ++i) y[i] += a * x[i];
}

/// Makes the lower triangle of H (n, n) that of L, where H = L^T L.
void factorize(std::vector<float>& h, std::size_t n) noexcept {
  for (std::size_t k = n; k-- > 0;) {
    float* row = &h[k * n];
    row[k] = std::sqrt(row[k]);
    for (std::size_t l = 0; l < k; ++l) row[l] /= row[k];
    for (std::size_t l = 0; l < k; ++l) add_multiple(-row[l], row, l + 1, &h[l * n]);
  }
}

/// Quads of a column of n weights, of which some may be empty.
std::size_t quads_of(std::size_t n) noexcept {
  return quad_of(n + 7);
}

/// What is left to the weights of each quad, below and above zero.
class QuadRoom {
 public:
  explicit QuadRoom(std::size_t n) : quads_(quads_of(n), {kMostOfQuad, kMostOfQuad}) {}

  /// The nearest to `value` that weight k can be.
  long take(std::size_t k, long value) noexcept {
    auto& [below, above] = quads_[quad_of(k)];
    if (value < 0) {
      value = std::max(value, -below);
      below += value;
    } else {
      value = std::min(value, above);
      above -= value;
    }
    return value;
  }

 private:
  std::vector<std::pair<long, long>> quads_;
};

/// `fit` may change what weight k is to be. Returns what it costs.
template <class Fit>
float round_with(const RoundingPlan& plan, std::span<const float> weights, float step,
                 std::int8_t* bytes, const Fit& fit) {
  const std::size_t n = weights.size();
  std::vector<float> wanted(n);  // by place in the order
  for (std::size_t i = 0; i < n; ++i) wanted[i] = weights[plan.order[i]];
  float cost = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const long nearest = std::clamp(std::lrint(wanted[i] / step), -127L, 127L);
    const long value = fit(plan.order[i], nearest);
    bytes[plan.order[i]] = static_cast<std::int8_t>(value);
    const float off = wanted[i] - float(value) * step;
    cost += plan.costs[i] * off * off;
    if (plan.shares.empty()) continue;
    const float error = weights[plan.order[i]] - float(value) * step;
    add_multiple(error, plan.shares.data() + i * n + i + 1, n - i - 1, wanted.data() + i + 1);
  }
  return cost;
}

}  // namespace

RoundingPlan plain_rounding(std::size_t n) {
  RoundingPlan plan{std::vector<std::uint32_t>(n), {}, std::vector<float>(n, 1)};
  std::iota(plan.order.begin(), plan.order.end(), 0U);
  return plan;
}

RoundingPlan spread_rounding(const float* products, std::size_t stride,
                             std::span<const float> scale) {
  const std::size_t n = scale.size();
  const auto product = [&](std::size_t k, std::size_t l) {
    return products[std::max(k, l) * stride + std::min(k, l)] * scale[k] * scale[l];
  };
  RoundingPlan plan = plain_rounding(n);
  std::ranges::stable_sort(
      plan.order, [&](std::uint32_t a, std::uint32_t b) { return product(a, a) > product(b, b); });
  float squares = 0;
  for (std::size_t k = 0; k < n; ++k) squares += product(k, k);
  if (!(squares > 0) || std::isinf(squares)) return plan;  // nothing was seen, or nonsense
  std::vector<float> h(n * n);
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t l = 0; l <= k; ++l) h[k * n + l] = product(plan.order[k], plan.order[l]);
    h[k * n + k] += kDamping * squares / float(n);
  }
  factorize(h, n);
  plan.shares.resize(n * n);
  for (std::size_t m = 0; m < n; ++m) {
    for (std::size_t i = 0; i < m; ++i) plan.shares[i * n + m] = h[m * n + i] / h[m * n + m];
    plan.costs[m] = h[m * n + m] * h[m * n + m];
  }
  return plan;
}

float step_of(std::span<const float> weights) noexcept {
  float greatest = 0;
  for (const float weight : weights) greatest = std::max(greatest, std::fabs(weight));
  return greatest > 0 ? greatest / 127 : 1;
}

void round_weights(const RoundingPlan& plan, std::span<const float> weights, float step,
                   std::int8_t* bytes) {
  round_with(plan, weights, step, bytes, [](std::size_t, long value) { return value; });
}

float narrow_step_of(std::span<const float> weights) {
  return std::max(step_of(weights), widest_quad(weights) / kMostOfQuad);
}

float round_narrow(const RoundingPlan& plan, std::span<const float> weights, std::int8_t* bytes) {
  const float around = narrow_step_of(weights);
  float best_step = around, least = INFINITY;
  std::vector<std::int8_t> rounded(weights.size());
  for (const float times : kNarrowSteps) {
    const float step = times * around;
    QuadRoom room(weights.size());
    const float cost = round_with(plan, weights, step, rounded.data(),
                                  [&](std::size_t k, long value) { return room.take(k, value); });
    if (cost < least) {
      least = cost;
      best_step = step;
      std::ranges::copy(rounded, bytes);
    }
  }
  return best_step;
}

}  // namespace enlace
