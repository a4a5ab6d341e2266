// From rows of an index to candidates.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "link/candidate.h"
#include "link/name_filter.h"
#include "link/retriever.h"
#include "math/top_k.h"

namespace enlace {

/// Adds a candidate for every name with one of `texts` that the scope allows.
void propose(const KnowledgeBase& kb, std::span<const TextId> texts, const NameScope* scope,
             float score, const Evidence& evidence, std::vector<Candidate>& candidates);

/// The distinct texts of a concept's names, ascending.
std::vector<TextId> texts_of_concept(const KnowledgeBase& kb, ConceptId concept_id);

/// How a search asks an index for rows and makes one of them into candidates.
struct RowSource {
  std::function<std::vector<Neighbour>(std::size_t rows)> search;  // the best so many rows
  std::function<void(const Neighbour&, std::vector<Candidate>&)> propose;
};

/// The best options.k distinct concepts, ranked. `neighbours` are the best `asked` rows, found
/// beforehand with others' in a batch; if they hold fewer concepts than wanted although the index
/// has more rows, `source.search` is asked for ever more of them.
std::vector<Candidate> concepts_of_rows(const SearchOptions& options,
                                        std::vector<Neighbour> neighbours, std::size_t asked,
                                        const RowSource& source);

/// How many rows to ask for to have k concepts most of the time: names of one concept often stand
/// together.
constexpr std::size_t rows_for(std::size_t k) noexcept {
  return k + k / 2 + 8;
}

}  // namespace enlace
