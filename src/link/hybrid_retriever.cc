#include "link/hybrid_retriever.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/parallel.h"
#include "link/concept_scores.h"
#include "link/dense_retriever.h"
#include "link/exact_retriever.h"
#include "link/hybrid_proposals.h"
#include "link/hybrid_score.h"
#include "link/proposals.h"

namespace enlace {
namespace {

HybridWeights weights_for(const KbFolder& folder, bool with_thesaurus) {
  HybridWeights weights = folder.isotropy->plain() ? kPlainWeights : kEvenedWeights;
  if (!with_thesaurus) weights.thesaurus = 0;
  return weights;
}

/// Scores the proposed texts of one part for one mention.
class Scorer {
 public:
  Scorer(std::span<const KbPart> parts, std::size_t own, const NameForms& forms,
         const MentionForms& mention, bool with_thesaurus)
      : parts_(parts),
        own_(own),
        folder_(*parts[own].folder),
        forms_(forms),
        weights_(weights_for(folder_, with_thesaurus)),
        numbers_(numbers_in(mention.spelling)),
        same_key_(
            folder_.exact.find(mention.exact, text_forms(folder_.kb, forms, &NameForms::exact))),
        same_stems_(
            folder_.stems.find(mention.stems, text_forms(folder_.kb, forms, &NameForms::stems))) {}

  std::vector<ProposedName> names(const ProposedTexts& texts, const CloserTexts& closer) {
    ConceptScores concepts(folder_, texts.query);
    const std::map<ConceptId, float> by_thesaurus = concepts_of(texts.by_thesaurus);
    std::vector<ProposedName> names;
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < texts.ids.size(); ++i) {
      const TextId text = texts.ids[i];
      HybridFeatures features{texts.isotropic[i],  0,
                              texts.skeleton[i],   closer.than(texts.dense[i]),
                              extra_numbers(text), count_sharing(parts_, own_, text)};
      const Evidence evidence{exact_evidence(text), texts.ngram[i], texts.dense[i]};
      candidates.clear();
      propose(folder_.kb, {&text, 1}, parts_[own_].restriction(), 0, evidence, candidates);
      for (Candidate& candidate : candidates) {
        features.concept_mean = concepts.of(candidate.concept_id);
        if (const auto said = by_thesaurus.find(candidate.concept_id); said != by_thesaurus.end()) {
          candidate.evidence.thesaurus = said->second;
        }
        features.thesaurus = candidate.evidence.thesaurus.value_or(evidence.exact ? 1.0F : 0.0F);
        candidate.score = hybrid_score(features, weights_);
        names.push_back({candidate, features});
      }
    }
    return names;
  }

 private:
  std::uint32_t extra_numbers(TextId text) {
    forms_.spelling(folder_.kb.text(text), form_);
    return count_missing(numbers_in(form_), numbers_);
  }

  std::optional<float> exact_evidence(TextId text) const {
    if (std::ranges::binary_search(same_key_, text)) return 1;
    if (std::ranges::binary_search(same_stems_, text)) return ExactRetriever::kStemScore;
    return std::nullopt;
  }

  /// How much a name of each concept is like the mention by the thesaurus.
  std::map<ConceptId, float> concepts_of(const OtherNames& others) const {
    std::map<ConceptId, float> concepts;
    for (const auto& [text, likeness] : others) {
      for (const ConceptId concept_id : concepts_with(text, parts_[own_])) {
        float& kept = concepts[concept_id];
        kept = std::max(kept, likeness);
      }
    }
    return concepts;
  }

  std::span<const KbPart> parts_;
  std::size_t own_;
  const KbFolder& folder_;
  const NameForms& forms_;
  HybridWeights weights_;
  std::vector<std::string_view> numbers_;
  std::vector<TextId> same_key_, same_stems_;  // texts with the mention's keys
  std::string form_;
};

}  // namespace

HybridRetriever::HybridRetriever(std::span<const KbPart> parts, const TextEncoder& encoder,
                                 const Thesaurus* thesaurus)
    : parts_(parts), encoder_(encoder), thesaurus_(thesaurus) {
  for (const KbPart& part : parts) require_vectors(*part.folder, encoder);
}

template <class Take>
void HybridRetriever::for_each_mention(std::span<const std::string> mentions,
                                       const SearchOptions& options, const Take& take) const {
  std::vector<float> made;
  const auto embedded = vectors_of(encoder_, mentions, options, made);
  const MatrixView<const float> queries(embedded.data(), mentions.size(), encoder_.dimension());
  const HybridSearch search(parts_, forms_, queries, options);
  std::vector<NgramWorkspace> workspaces(std::max<std::size_t>(options.workers, 1));
  parallel_for(options.workers, mentions.size(), [&](std::size_t worker, std::size_t i) {
    const MentionForms mention(forms_, mentions[i], queries.row(i));
    NgramWorkspace& workspace = workspaces[worker];
    std::vector<OtherNames> others;
    if (thesaurus_ != nullptr) others = thesaurus_->other_names(mention, parts_, workspace);
    const auto texts = search.propose(i, mention, std::move(others), workspace);
    const CloserTexts closer(parts_, texts);
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      take(i, Scorer(parts_, p, forms_, mention, thesaurus_ != nullptr).names(texts[p], closer));
    }
  });
}

std::vector<std::vector<Candidate>> HybridRetriever::retrieve(std::span<const std::string> mentions,
                                                              const SearchOptions& options) const {
  std::vector<std::vector<Candidate>> found(mentions.size());
  for_each_mention(mentions, options, [&](std::size_t i, const std::vector<ProposedName>& names) {
    std::vector<Candidate> candidates;
    for (const ProposedName& name : names) candidates.push_back(name.candidate);
    rank(candidates, options.ties, options.k);
    merge_ranked(found[i], candidates, options.ties, options.k);
  });
  return found;
}

std::vector<std::vector<ProposedName>> HybridRetriever::propose(
    std::span<const std::string> mentions, const SearchOptions& options) const {
  std::vector<std::vector<ProposedName>> proposed(mentions.size());
  for_each_mention(mentions, options, [&](std::size_t i, const std::vector<ProposedName>& names) {
    proposed[i].insert(proposed[i].end(), names.begin(), names.end());
  });
  return proposed;
}

}  // namespace enlace
