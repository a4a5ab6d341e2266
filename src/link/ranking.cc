#include "link/ranking.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>

namespace enlace {
namespace {

float rounded(float score) {
  return std::round(score * 1e5F);
}

/// Less is earlier.
std::tuple<float, std::size_t, std::string_view> key_of(const Candidate& candidate, Ties ties) {
  const std::string_view code = candidate.kb->code(candidate.concept_id);
  return {-rounded(candidate.score), ties == Ties::kShortCode ? code.size() : 0, code};
}

/// Leaves the first k in their order.
void keep_first(std::vector<Candidate>& candidates, Ties ties, std::size_t k) {
  const auto middle = candidates.begin() + std::ptrdiff_t(std::min(k, candidates.size()));
  std::partial_sort(
      candidates.begin(), middle, candidates.end(),
      [&](const Candidate& a, const Candidate& b) { return key_of(a, ties) < key_of(b, ties); });
  candidates.erase(middle, candidates.end());
}

void keep_best_name(std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.concept_id != b.concept_id) return a.concept_id < b.concept_id;
    if (a.kb != b.kb) return std::less<>()(a.kb, b.kb);
    if (a.score != b.score) return a.score > b.score;
    return a.name_id != b.name_id ? a.name_id < b.name_id : a.read_as < b.read_as;
  });
  const auto same_concept = [](const Candidate& a, const Candidate& b) {
    return a.concept_id == b.concept_id && a.kb == b.kb;
  };
  candidates.erase(std::unique(candidates.begin(), candidates.end(), same_concept),
                   candidates.end());
}

}  // namespace

void rank(std::vector<Candidate>& candidates, Ties ties, std::size_t k) {
  keep_best_name(candidates);
  keep_first(candidates, ties, k);
}

void merge_ranked(std::vector<Candidate>& candidates, const std::vector<Candidate>& others,
                  Ties ties, std::size_t k) {
  candidates.insert(candidates.end(), others.begin(), others.end());
  keep_first(candidates, ties, k);
}

std::size_t count_concepts(const std::vector<Candidate>& candidates) {
  std::vector<ConceptId> concepts;
  concepts.reserve(candidates.size());
  for (const Candidate& candidate : candidates) concepts.push_back(candidate.concept_id);
  std::sort(concepts.begin(), concepts.end());
  return std::size_t(std::unique(concepts.begin(), concepts.end()) - concepts.begin());
}

}  // namespace enlace
