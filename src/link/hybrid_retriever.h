// Candidates by spelling and meaning together.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "link/dense_retriever.h"
#include "link/kb_folder.h"
#include "link/retriever.h"
#include "text/normalizer.h"

namespace enlace {

/// Concepts proposed by any of five searches over the names (plain and isotropic vectors, n-grams,
/// skeletons, exact keys), each name scored by hybrid_score (link/hybrid_score.h), each concept by
/// its best name. Every candidate carries the evidence of all retrievers. docs/HYBRID.md tells how
/// the searches and the score were chosen.
class HybridRetriever final : public Retriever {
 public:
  /// Borrows both. Throws as DenseRetriever's constructor does.
  HybridRetriever(const KbFolder& folder, const TextEncoder& encoder);

  std::vector<std::vector<Candidate>> retrieve(std::span<const std::string> mentions,
                                               const SearchOptions& options) const override;

 private:
  const KbFolder& folder_;
  const TextEncoder& encoder_;
  Normalizer normalizer_{""};
};

}  // namespace enlace
