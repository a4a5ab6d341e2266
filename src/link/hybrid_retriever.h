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

/// The normalised forms of a mention, and its vectors.
struct MentionForms {
  std::string normalized, match_key, stem_key, skeleton;
  std::span<const float> vector;  // borrowed
  IsotropicQuery isotropic;
};

/// Concepts proposed by their vectors or by the skeletons of their names (text/skeleton.h), each
/// name scored by hybrid_score (link/hybrid_score.h), each concept by its best name. Every
/// candidate carries the evidence of all retrievers. docs/HYBRID.md tells how the score was chosen.
class HybridRetriever final : public Retriever {
 public:
  /// Borrows both. Throws as DenseRetriever's constructor does.
  HybridRetriever(const KbFolder& folder, const TextEncoder& encoder);

  std::vector<std::vector<Candidate>> retrieve(std::span<const std::string> mentions,
                                               const SearchOptions& options) const override;

 private:
  MentionForms forms_of(const std::string& mention, std::span<const float> vector) const;

  const KbFolder& folder_;
  const TextEncoder& encoder_;
  Normalizer normalizer_{""};
};

}  // namespace enlace
