// Candidates by spelling and meaning together.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "encode/text_encoder.h"
#include "link/hybrid_score.h"
#include "link/kb_parts.h"
#include "link/name_forms.h"
#include "link/retriever.h"
#include "link/thesaurus.h"

namespace enlace {

/// A concept under one of its names, and what its score is made of.
struct ProposedName {
  Candidate candidate;
  HybridFeatures features;
};

/// Concepts proposed by their vectors, by the skeletons of their names (text/skeleton.h) or by a
/// thesaurus, each name scored by hybrid_score (link/hybrid_score.h), each concept by its best
/// name. Every candidate carries the evidence of all retrievers. docs/HYBRID.md tells how the score
/// was chosen. Fewer than k concepts come back where all proposed names belong to fewer.
///
/// It searches a knowledge base and its changes together, because the score of a name counts other
/// names: with their changes they rank as a knowledge base built of both would.
class HybridRetriever final : public Retriever {
 public:
  /// Borrows all; `thesaurus` may be null. Throws as DenseRetriever's constructor does, for each
  /// part.
  HybridRetriever(std::span<const KbPart> parts, const TextEncoder& encoder,
                  const Thesaurus* thesaurus = nullptr);

  std::vector<std::vector<Candidate>> retrieve(std::span<const std::string> mentions,
                                               const SearchOptions& options) const override;

  /// For each mention every name that retrieve() chooses from, in no order: what weights are fitted
  /// to (bench/fit_hybrid.py). Some kilobytes a mention.
  std::vector<std::vector<ProposedName>> propose(std::span<const std::string> mentions,
                                                 const SearchOptions& options) const;

 private:
  /// Calls take(i, names) for the names of mention i in each part, by several workers.
  template <class Take>
  void for_each_mention(std::span<const std::string> mentions, const SearchOptions& options,
                        const Take& take) const;

  std::span<const KbPart> parts_;
  const TextEncoder& encoder_;
  const Thesaurus* thesaurus_;
  NameForms forms_;
};

}  // namespace enlace
