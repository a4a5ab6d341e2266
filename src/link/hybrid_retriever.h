// Candidates by spelling and meaning together.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "encode/text_encoder.h"
#include "link/kb_parts.h"
#include "link/name_forms.h"
#include "link/retriever.h"

namespace enlace {

/// Concepts proposed by their vectors or by the skeletons of their names (text/skeleton.h), each
/// name scored by hybrid_score (link/hybrid_score.h), each concept by its best name. Every
/// candidate carries the evidence of all retrievers. docs/HYBRID.md tells how the score was chosen.
/// Fewer than k concepts come back where all proposed names belong to fewer.
///
/// It searches a knowledge base and its changes together, because the score of a name counts other
/// names: with their changes they rank as a knowledge base built of both would.
class HybridRetriever final : public Retriever {
 public:
  /// Borrows both. Throws as DenseRetriever's constructor does, for each part.
  HybridRetriever(std::span<const KbPart> parts, const TextEncoder& encoder);

  std::vector<std::vector<Candidate>> retrieve(std::span<const std::string> mentions,
                                               const SearchOptions& options) const override;

 private:
  std::span<const KbPart> parts_;
  const TextEncoder& encoder_;
  NameForms forms_;
};

}  // namespace enlace
