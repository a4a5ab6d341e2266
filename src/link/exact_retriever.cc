#include "link/exact_retriever.h"

#include "base/parallel.h"
#include "link/proposals.h"

namespace enlace {

std::vector<Candidate> ExactRetriever::retrieve_one(const std::string& mention,
                                                    const SearchOptions& options) const {
  std::vector<Candidate> candidates;
  const auto look_up = [&](const FormIndex<StringIndex>& index, const std::string& key,
                           float score) {
    if (const auto row = index.forms.find(key)) {
      propose(folder_.kb, index.texts.texts_of(*row), options.scope, score, {.exact = score},
              candidates);
    }
  };
  std::string key;
  forms_.exact(mention, key);
  look_up(folder_.exact, key, 1);
  forms_.stems(mention, key);
  look_up(folder_.stems, key, kStemScore);
  rank(candidates, folder_.kb, options.ties, options.k);
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
