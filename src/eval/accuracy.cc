#include "eval/accuracy.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/random.h"

namespace enlace {
namespace {

constexpr std::size_t kResamples = 1000;
constexpr std::uint64_t kSeed = 20220527;

}  // namespace

Accuracy accuracy_at(std::span<const Rank> ranks, std::size_t k) {
  if (ranks.empty()) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return {kNone, kNone, kNone};
  }
  std::vector<std::uint8_t> hits;  // 1 where the right candidate is among the first k
  hits.reserve(ranks.size());
  for (const Rank rank : ranks) hits.push_back(rank >= 1 && rank <= k ? 1 : 0);
  const auto share = [&](std::size_t count) { return double(count) / double(ranks.size()); };

  Random random(kSeed);
  std::array<std::size_t, kResamples> resampled{};
  for (std::size_t& count : resampled) {
    for (std::size_t i = 0; i < hits.size(); ++i) count += hits[random.below(hits.size())];
  }
  std::sort(resampled.begin(), resampled.end());
  const auto hit_count = std::size_t(std::count(hits.begin(), hits.end(), 1));
  return {share(hit_count), share(resampled[kResamples * 25 / 1000]),
          share(resampled[kResamples * 975 / 1000 - 1])};
}

}  // namespace enlace
