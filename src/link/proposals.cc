#include "link/proposals.h"

#include <algorithm>

namespace enlace {

void propose(const KnowledgeBase& kb, std::span<const TextId> texts, const NameScope* scope,
             float score, const Evidence& evidence, std::vector<Candidate>& candidates) {
  for (const TextId text : texts) {
    for (const NameId name : kb.names_with_text(text)) {
      if (scope != nullptr && !scope->allows(name)) continue;
      candidates.push_back({&kb, kb.concept_of(name), name, score, evidence});
    }
  }
}

std::vector<TextId> texts_of_concept(const KnowledgeBase& kb, ConceptId concept_id) {
  std::vector<TextId> texts;
  for (const NameId name : kb.names_of(concept_id)) texts.push_back(kb.text_of(name));
  std::ranges::sort(texts);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

std::vector<Candidate> concepts_of_rows(const SearchOptions& options,
                                        std::vector<Neighbour> neighbours, std::size_t asked,
                                        const RowSource& source) {
  std::vector<Candidate> candidates;
  for (;;) {
    for (const Neighbour& neighbour : neighbours) source.propose(neighbour, candidates);
    if (neighbours.size() < asked || count_concepts(candidates) >= options.k) break;
    asked *= 4;
    neighbours = source.search(asked);
    candidates.clear();
  }
  rank(candidates, options.ties, options.k);
  return candidates;
}

}  // namespace enlace
