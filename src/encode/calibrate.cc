#include "encode/calibrate.h"

#include <vector>

#include "base/random.h"

namespace enlace {
namespace {

constexpr std::size_t kSequences = 256;
constexpr std::size_t kTokens = 8;  // of a name, about
constexpr std::size_t kTogether = 16;

}  // namespace

ActivationRanges calibrate(const EncoderWeights& weights, std::span<const std::int32_t> frame) {
  Random random(1);
  ActivationRanges ranges = empty_ranges(weights);
  Workspace workspace;
  const std::size_t longest = weights.config.max_tokens();
  for (std::size_t done = 0; done < kSequences; done += kTogether) {
    std::vector<std::int32_t> ids;
    std::vector<std::uint32_t> starts{0};
    for (std::size_t s = 0; s < kTogether; ++s) {
      std::vector<std::int32_t> sequence(frame.begin(), frame.end());
      for (std::size_t t = 0; t < kTokens && sequence.size() < longest; ++t) {
        const auto id = static_cast<std::int32_t>(random.below(weights.config.vocabulary));
        sequence.insert(sequence.empty() ? sequence.end() : sequence.end() - 1, id);
      }
      ids.insert(ids.end(), sequence.begin(), sequence.end());
      starts.push_back(static_cast<std::uint32_t>(ids.size()));
    }
    forward(weights, {ids, starts}, Wanted::kAllTokens, workspace, &ranges);
  }
  return ranges;
}

}  // namespace enlace
