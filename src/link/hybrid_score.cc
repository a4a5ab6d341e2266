#include "link/hybrid_score.h"

#include <algorithm>
#include <cmath>

namespace enlace {
namespace {

constexpr float kIsotropic = 5.9F;
constexpr float kConceptMean = 5.7F;
constexpr float kSkeleton = 3.2F;
constexpr float kCloser = 0.8F;
constexpr float kExtraNumber = 0.9F;
constexpr float kSharing = 1.5F;
constexpr float kMost = kIsotropic + kConceptMean + kSkeleton + kCloser;
constexpr std::uint32_t kMostExtraNumbers = 2;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

}  // namespace

float hybrid_score(const HybridFeatures& features) noexcept {
  const float skeleton = features.skeleton * features.skeleton * features.skeleton;
  const float reward = kIsotropic * features.isotropic + kConceptMean * features.concept_mean +
                       kSkeleton * skeleton + kCloser / (1 + float(features.closer));
  const float penalty = kExtraNumber * float(std::min(kMostExtraNumbers, features.extra_numbers)) +
                        kSharing * std::log(float(features.sharing));
  return std::min((reward - penalty) / kMost, 1.0F);  // rounding may leave it a hair above
}

std::vector<std::string_view> numbers_in(std::string_view text) {
  std::vector<std::string_view> numbers;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end > at) numbers.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(numbers);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

std::uint32_t count_missing(const std::vector<std::string_view>& numbers,
                            const std::vector<std::string_view>& known) noexcept {
  return std::uint32_t(std::ranges::count_if(numbers, [&](std::string_view number) {
    return !std::ranges::binary_search(known, number);
  }));
}

}  // namespace enlace
