#include "link/exact_retriever.h"

#include "base/parallel.h"
#include "link/proposals.h"
#include "link/text_forms.h"

namespace enlace {

std::vector<Candidate> ExactRetriever::retrieve_one(const std::string& mention,
                                                    const SearchOptions& options) const {
  const KbFolder& folder = *part_.folder;
  std::vector<Candidate> candidates;
  std::string key;
  const auto look_up = [&](const KeyIndex& index, NameForm form, float score) {
    (forms_.*form)(mention, key);
    propose(folder.kb, index.find(key, text_forms(folder.kb, forms_, form)), part_.restriction(),
            score, {.exact = score}, candidates);
  };
  look_up(folder.exact, &NameForms::exact, 1);
  look_up(folder.stems, &NameForms::stems, kStemScore);
  rank(candidates, options.ties, options.k);
  return candidates;
}

std::vector<std::vector<Candidate>> ExactRetriever::retrieve(std::span<const std::string> mentions,
                                                             const SearchOptions& options) const {
  std::vector<std::vector<Candidate>> found(mentions.size());
  parallel_for(options.workers, mentions.size(),
               [&](std::size_t, std::size_t i) { found[i] = retrieve_one(mentions[i], options); });
  return found;
}

}  // namespace enlace
