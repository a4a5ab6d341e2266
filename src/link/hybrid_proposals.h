// The names that the hybrid retriever scores: what two searches find in a knowledge base and in its
// changes, as they would in one that holds both.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "link/kb_parts.h"
#include "link/mention_forms.h"
#include "link/name_forms.h"
#include "link/retriever.h"
#include "link/text_forms.h"
#include "link/thesaurus.h"
#include "math/matrix.h"

namespace enlace {

/// What the searches say of the proposed texts of one part; the vectors run in parallel.
struct ProposedTexts {
  IsotropicQuery query;     // the mention, as the part's isotropic view sees it
  OtherNames by_thesaurus;  // allowed or not
  std::vector<TextId> ids;  // rising
  std::vector<float> dense, isotropic, ngram, skeleton;
};

/// The two searches, over all parts of a knowledge base. A text that two parts have is proposed in
/// both and takes one place: what is proposed is what one index of all texts would propose. Of
/// texts with equal scores at the very end of what a search may propose, others may be taken.
/// Const use is thread-safe.
class HybridSearch {
 public:
  /// Searches the vectors of all mentions (Q, D) at once. Borrows all it is given.
  HybridSearch(std::span<const KbPart> parts, const NameForms& forms,
               MatrixView<const float> queries, const SearchOptions& options);

  /// The proposals for mention i, by part. What the thesaurus says, by part, is proposed beside
  /// what the searches find; it may be empty.
  std::vector<ProposedTexts> propose(std::size_t i, const MentionForms& mention,
                                     std::vector<OtherNames> by_thesaurus,
                                     NgramWorkspace& workspace) const;

 private:
  struct Part {
    const KbPart* of;
    FormOf text_of, spelling_of, skeleton_of;
    RowFilter texts, skeletons;                      // the rows that may be found
    std::vector<std::vector<Neighbour>> by_vectors;  // by mention
  };
  struct FoundRow {
    std::size_t part;
    std::uint32_t row;
    float score;
    std::string form;
    std::string_view text;
  };
  static void keep_best_forms(std::vector<FoundRow>& rows, std::size_t most);
  std::vector<FoundRow> best_rows(std::span<const std::vector<Neighbour>> by_part, std::size_t most,
                                  FormOf Part::*form_of) const;

  std::size_t by_vectors_, by_skeleton_;  // how many rows each search proposes
  std::vector<Part> parts_;
};

/// How many of the proposed texts have a higher plain cosine, to five decimals. A text that two
/// parts propose counts once.
class CloserTexts {
 public:
  CloserTexts(std::span<const KbPart> parts, std::span<const ProposedTexts> proposed);
  std::uint32_t than(float cosine) const;

 private:
  std::vector<float> falling_;  // rounded cosines
};

/// How many concepts that count have a name with the text `text` of parts[own], in any part.
std::uint32_t count_sharing(std::span<const KbPart> parts, std::size_t own, TextId text);

}  // namespace enlace
