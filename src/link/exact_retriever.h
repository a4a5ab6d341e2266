// Candidates that are called what the mention says.
#pragma once

#include "link/kb_parts.h"
#include "link/name_forms.h"
#include "link/retriever.h"

namespace enlace {

/// Concepts with a name whose match key is the mention's: the same but for case, diacritics, spaces
/// and punctuation, with score 1; and those whose stem key is, the same but for inflection too,
/// with score kStemScore.
class ExactRetriever final : public Retriever {
 public:
  static constexpr float kStemScore = 0.9F;

  /// Borrows `part`.
  explicit ExactRetriever(const KbPart& part) noexcept : part_(part) {}

  std::vector<std::vector<Candidate>> retrieve(std::span<const std::string> mentions,
                                               const SearchOptions& options) const override;

 private:
  static constexpr std::size_t kTogether = 64;  // mentions looked up by one worker at once

  void retrieve_some(std::span<const std::string> mentions, const SearchOptions& options,
                     std::span<std::vector<Candidate>> found) const;

  const KbPart& part_;
  NameForms forms_;
};

}  // namespace enlace
