#include "link/hybrid_score.h"

#include <algorithm>
#include <cmath>

namespace enlace {
namespace {

constexpr std::uint32_t kMostExtraNumbers = 2;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

float cubed(float x) noexcept {
  return x * x * x;
}

}  // namespace

float hybrid_score(const HybridFeatures& features, const HybridWeights& weights) noexcept {
  const float skeleton = cubed(features.skeleton);
  const float reward = weights.isotropic * features.isotropic +
                       weights.concept_mean * features.concept_mean + weights.skeleton * skeleton +
                       weights.closer / (1 + float(features.closer)) +
                       weights.thesaurus * cubed(features.thesaurus);
  const float penalty =
      weights.extra_number * float(std::min(kMostExtraNumbers, features.extra_numbers)) +
      weights.sharing * std::log(float(features.sharing));
  const float most = weights.isotropic + weights.concept_mean + weights.skeleton + weights.closer +
                     weights.thesaurus;
  return std::min((reward - penalty) / most, 1.0F);  // rounding may leave it a hair above
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
