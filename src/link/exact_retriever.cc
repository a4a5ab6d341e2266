#include "link/exact_retriever.h"

#include <algorithm>

#include "base/parallel.h"
#include "link/proposals.h"
#include "link/text_forms.h"

namespace enlace {

void ExactRetriever::retrieve_some(std::span<const std::string> mentions,
                                   const SearchOptions& options,
                                   std::span<std::vector<Candidate>> found) const {
  const KbFolder& folder = *part_.folder;
  std::vector<std::string> keys(mentions.size());
  const auto look_up = [&](const KeyIndex& index, NameForm form, float score) {
    for (std::size_t i = 0; i < mentions.size(); ++i) (forms_.*form)(mentions[i], keys[i]);
    const auto texts = index.find(keys, text_forms(folder.kb, forms_, form));
    for (std::size_t i = 0; i < mentions.size(); ++i) {
      propose(folder.kb, texts[i], part_.restriction(), score, {.exact = score}, found[i]);
    }
  };
  look_up(folder.exact, &NameForms::exact, 1);
  look_up(folder.stems, &NameForms::stems, kStemScore);
  for (auto& candidates : found) rank(candidates, options.ties, options.k);
}

std::vector<std::vector<Candidate>> ExactRetriever::retrieve(std::span<const std::string> mentions,
                                                             const SearchOptions& options) const {
  std::vector<std::vector<Candidate>> found(mentions.size());
  const std::size_t blocks = (mentions.size() + kTogether - 1) / kTogether;
  parallel_for(options.workers, blocks, [&](std::size_t, std::size_t block) {
    const std::size_t first = block * kTogether;
    const std::size_t count = std::min(kTogether, mentions.size() - first);
    retrieve_some(mentions.subspan(first, count), options, std::span(found).subspan(first, count));
  });
  return found;
}

}  // namespace enlace
