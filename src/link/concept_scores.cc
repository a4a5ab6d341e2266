#include "link/concept_scores.h"

#include "link/proposals.h"
#include "math/kernels.h"

namespace enlace {

float ConceptScores::of(ConceptId concept_id) {
  const auto [place, is_new] = known_.try_emplace(concept_id, 0.0F);
  if (!is_new) return place->second;
  const auto dot = kernels().dot;
  const auto& direction = query_.direction;
  float sum = 0;
  for (const TextId text : texts_of_concept(folder_.kb, concept_id)) {
    const float product =
        dot(direction.data(), folder_.vectors->vector(text).data(), direction.size());
    sum += folder_.isotropy->row_score(query_, product, text);
  }
  return place->second = folder_.isotropy->group_score(sum, concept_id);
}

}  // namespace enlace
