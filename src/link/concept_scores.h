// How well a concept's names together fit a mention.
#pragma once

#include <unordered_map>

#include "link/kb_folder.h"

namespace enlace {

/// The scores of one mention, each computed once: the cosine with the sum of all texts of a
/// concept, as the folder's isotropic view sees them (index/isotropic_view.h); where that view is
/// plain, with the sum of their embeddings. Cost: one embedding read for every text of a concept.
///
/// Borrows both. Requires vectors. For one thread.
class ConceptScores {
 public:
  ConceptScores(const KbFolder& folder, const IsotropicQuery& query)
      : folder_(folder), query_(query) {}

  float of(ConceptId concept_id);

 private:
  const KbFolder& folder_;
  const IsotropicQuery& query_;
  std::unordered_map<ConceptId, float> known_;
};

}  // namespace enlace
