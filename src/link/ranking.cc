#include "link/ranking.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace enlace {
namespace {

float rounded(float score) {
  return std::round(score * 1e5F);
}

/// Less is earlier. Concept ids rise with their codes.
using Key = std::tuple<float, std::size_t, ConceptId>;

Key key_of(const Candidate& candidate, const KnowledgeBase& kb, Ties ties) {
  const std::size_t length =
      ties == Ties::kShortCode ? kb.code(candidate.concept_id).size() : std::size_t(0);
  return {-rounded(candidate.score), length, candidate.concept_id};
}

void keep_best_name(std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.concept_id != b.concept_id) return a.concept_id < b.concept_id;
    return a.score != b.score ? a.score > b.score : a.name_id < b.name_id;
  });
  const auto same_concept = [](const Candidate& a, const Candidate& b) {
    return a.concept_id == b.concept_id;
  };
  candidates.erase(std::unique(candidates.begin(), candidates.end(), same_concept),
                   candidates.end());
}

}  // namespace

void rank(std::vector<Candidate>& candidates, const KnowledgeBase& kb, Ties ties, std::size_t k) {
  keep_best_name(candidates);
  const auto first = candidates.begin();
  const auto middle = first + std::ptrdiff_t(std::min(k, candidates.size()));
  std::partial_sort(first, middle, candidates.end(), [&](const Candidate& a, const Candidate& b) {
    return key_of(a, kb, ties) < key_of(b, kb, ties);
  });
  candidates.erase(middle, candidates.end());
}

std::size_t count_concepts(const std::vector<Candidate>& candidates) {
  std::vector<ConceptId> concepts;
  concepts.reserve(candidates.size());
  for (const Candidate& candidate : candidates) concepts.push_back(candidate.concept_id);
  std::sort(concepts.begin(), concepts.end());
  return std::size_t(std::unique(concepts.begin(), concepts.end()) - concepts.begin());
}

}  // namespace enlace
