#include "link/ngram_retriever.h"

#include <algorithm>

#include "base/parallel.h"
#include "link/proposals.h"
#include "link/text_forms.h"

namespace enlace {

std::vector<std::vector<Candidate>> NgramRetriever::retrieve(std::span<const std::string> mentions,
                                                             const SearchOptions& options) const {
  const KbFolder& folder = *part_.folder;
  const NgramIndex& index = *folder.ngrams.ngrams;
  const EqualForms& equal = folder.ngrams.forms;
  const RowFilter filter = part_.scope.rows(folder.kb, equal);
  const FormOf form_of = text_forms(folder.kb, forms_, &NameForms::spelling);
  const std::size_t asked = rows_for(options.k);
  std::vector<std::vector<Candidate>> found(mentions.size());
  std::vector<NgramWorkspace> workspaces(std::max<std::size_t>(options.workers, 1));
  parallel_for(options.workers, mentions.size(), [&](std::size_t worker, std::size_t i) {
    std::string form;
    forms_.spelling(mentions[i], form);
    const NgramQuery query = prepare_ngrams(folder, &KbFolder::ngrams, form);
    const RowSource source{[&](std::size_t rows) {
                             return index.search(query, rows, form_of, filter, workspaces[worker]);
                           },
                           [&](const Neighbour& neighbour, std::vector<Candidate>& candidates) {
                             const float score =
                                 std::min(neighbour.score, 1.0F);  // but for rounding
                             propose(folder.kb, equal.all_of(neighbour.row), part_.restriction(),
                                     score, {.ngram = score}, candidates);
                           }};
    found[i] = concepts_of_rows(options, source.search(asked), asked, source);
  });
  return found;
}

}  // namespace enlace
