// Candidates whose names are spelt like the mention.
#pragma once

#include "link/kb_parts.h"
#include "link/name_forms.h"
#include "link/retriever.h"

namespace enlace {

/// Concepts by the cosine of the character n-grams of their normalised names with the mention's
/// (index/ngram_index.h). Score 0 .. 1; a name without an n-gram in common is no candidate.
class NgramRetriever final : public Retriever {
 public:
  /// Borrows `part`.
  explicit NgramRetriever(const KbPart& part) noexcept : part_(part) {}

  std::vector<std::vector<Candidate>> retrieve(std::span<const std::string> mentions,
                                               const SearchOptions& options) const override;

 private:
  const KbPart& part_;
  NameForms forms_;
};

}  // namespace enlace
