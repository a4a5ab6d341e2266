// Candidates by spelling and meaning together.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "link/dense_retriever.h"
#include "link/kb_folder.h"
#include "link/name_forms.h"
#include "link/retriever.h"

namespace enlace {

/// Concepts proposed by their vectors or by the skeletons of their names (text/skeleton.h), each
/// name scored by hybrid_score (link/hybrid_score.h), each concept by its best name. Every
/// candidate carries the evidence of all retrievers. docs/HYBRID.md tells how the score was chosen.
/// Fewer than k concepts come back where all proposed names belong to fewer.
class HybridRetriever final : public Retriever {
 public:
  /// Borrows both. Throws as DenseRetriever's constructor does.
  HybridRetriever(const KbFolder& folder, const TextEncoder& encoder);

  std::vector<std::vector<Candidate>> retrieve(std::span<const std::string> mentions,
                                               const SearchOptions& options) const override;

 private:
  const KbFolder& folder_;
  const TextEncoder& encoder_;
  NameForms forms_;
};

}  // namespace enlace
