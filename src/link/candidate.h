// A concept proposed for a mention.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kb/knowledge_base.h"

namespace enlace {

/// What each retriever says of a candidate; nothing where it was not asked or has nothing to say.
struct Evidence {
  std::optional<float> exact = {};      // 1: the same name; below 1: the same but for inflection
  std::optional<float> ngram = {};      // cosine of character n-gram weights, 0 .. 1
  std::optional<float> dense = {};      // inner product of embeddings, -1 .. 1
  std::optional<float> thesaurus = {};  // likeness to another name of the concept, above 0 .. 1
};

/// A concept, the best of its names for this mention, and how good that is. Scores of one retriever
/// are comparable between mentions; those of two retrievers are not.
struct Candidate {
  const KnowledgeBase* kb;  // in which the two are numbers
  ConceptId concept_id;
  NameId name_id;
  float score;  // higher is better
  Evidence evidence;
  std::string read_as = {};  // the reading of the mention that it is for; empty: as it stands
};

}  // namespace enlace
