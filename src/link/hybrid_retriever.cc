#include "link/hybrid_retriever.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/parallel.h"
#include "link/dense_retriever.h"
#include "link/exact_retriever.h"
#include "link/hybrid_score.h"
#include "link/proposals.h"
#include "link/text_forms.h"
#include "math/kernels.h"

namespace enlace {
namespace {

// How many rows each search proposes; more where more candidates are asked for.
constexpr std::size_t kByVectors = 100;
constexpr std::size_t kBySkeleton = 64;

/// The forms of a mention, and its vectors.
struct MentionForms {
  std::string exact, stems, spelling, skeleton;
  std::span<const float> vector;  // borrowed
  IsotropicQuery isotropic;

  MentionForms(const NameForms& forms, const IsotropicView& isotropy, std::string_view mention,
               std::span<const float> embedded)
      : vector(embedded), isotropic(isotropy.prepare(embedded)) {
    forms.exact(mention, exact);
    forms.stems(mention, stems);
    forms.spelling(mention, spelling);
    forms.skeleton(mention, skeleton);
  }
};

/// What the searches say of each proposed text; the vectors run in parallel.
struct ProposedTexts {
  std::vector<TextId> ids;  // ascending
  std::vector<float> dense, isotropic, ngram, skeleton;
};

/// The cosine of `query` with the form of each text; 0 where the form is empty.
std::vector<float> form_scores(const FormNgrams& index, const NgramQuery& query,
                               std::span<const TextId> texts, const FormOf& form_of,
                               NgramWorkspace& workspace) {
  std::vector<std::uint32_t> rows;
  rows.reserve(texts.size());
  for (const TextId text : texts) rows.push_back(index.forms.first_of(text));
  return index.ngrams->score(query, rows, form_of, workspace);
}

/// The rank of each score: how many of the scores, to five decimals, are higher.
std::vector<std::uint32_t> count_closer(const std::vector<float>& scores) {
  std::vector<float> rounded;
  for (const float score : scores) rounded.push_back(std::round(score * 1e5F));
  std::vector<float> falling(rounded);
  std::ranges::sort(falling, std::greater<>());
  std::vector<std::uint32_t> closer;
  for (const float score : rounded) {
    const auto first = std::ranges::lower_bound(falling, score, std::greater<>());
    closer.push_back(std::uint32_t(first - falling.begin()));
  }
  return closer;
}

/// Scores the proposed texts of one mention.
class Scorer {
 public:
  Scorer(const KbFolder& folder, const NameForms& forms, const MentionForms& mention,
         const SearchOptions& options)
      : folder_(folder),
        forms_(forms),
        mention_(mention),
        options_(options),
        weights_(folder.isotropy->plain() ? kPlainWeights : kEvenedWeights),
        numbers_(numbers_in(mention.spelling)),
        same_key_(
            folder.exact.find(mention.exact, text_forms(folder.kb, forms, &NameForms::exact))),
        same_stems_(
            folder.stems.find(mention.stems, text_forms(folder.kb, forms, &NameForms::stems))) {}

  std::vector<Candidate> candidates(const ProposedTexts& texts) {
    const auto closer = count_closer(texts.dense);
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < texts.ids.size(); ++i) {
      const TextId text = texts.ids[i];
      HybridFeatures features{
          texts.isotropic[i], 0, texts.skeleton[i], closer[i], extra_numbers(text), sharing(text)};
      const Evidence evidence{exact_evidence(text), texts.ngram[i], texts.dense[i]};
      const std::size_t first = candidates.size();
      propose(folder_.kb, {&text, 1}, options_.scope, 0, evidence, candidates);
      for (std::size_t c = first; c < candidates.size(); ++c) {
        features.concept_mean = concept_mean(candidates[c].concept_id);
        candidates[c].score = hybrid_score(features, weights_);
      }
    }
    rank(candidates, options_.ties, options_.k);
    return candidates;
  }

 private:
  std::uint32_t extra_numbers(TextId text) {
    forms_.spelling(folder_.kb.text(text), form_);
    return count_missing(numbers_in(form_), numbers_);
  }

  std::uint32_t sharing(TextId text) const {
    std::uint32_t count = 0;
    std::optional<ConceptId> last;  // the names of a text ascend, and so do their concepts
    for (const NameId name : folder_.kb.names_with_text(text)) {
      const ConceptId concept_id = folder_.kb.concept_of(name);
      count += last == concept_id ? 0 : 1;
      last = concept_id;
    }
    return count;
  }

  std::optional<float> exact_evidence(TextId text) const {
    if (std::ranges::binary_search(same_key_, text)) return 1;
    if (std::ranges::binary_search(same_stems_, text)) return ExactRetriever::kStemScore;
    return std::nullopt;
  }

  /// The score of the concept's names together, computed once per concept.
  float concept_mean(ConceptId concept_id) {
    const auto [place, is_new] = means_.try_emplace(concept_id, 0.0F);
    if (!is_new) return place->second;
    const auto dot = kernels().dot;
    const auto& direction = mention_.isotropic.direction;
    float sum = 0;
    for (const TextId text : texts_of_concept(folder_.kb, concept_id)) {
      const float product =
          dot(direction.data(), folder_.vectors->vector(text).data(), direction.size());
      sum += folder_.isotropy->row_score(mention_.isotropic, product, text);
    }
    return place->second = folder_.isotropy->group_score(sum, concept_id);
  }

  const KbFolder& folder_;
  const NameForms& forms_;
  const MentionForms& mention_;
  const SearchOptions& options_;
  const HybridWeights& weights_;
  std::vector<std::string_view> numbers_;
  std::vector<TextId> same_key_, same_stems_;  // texts with the mention's keys
  std::unordered_map<ConceptId, float> means_;
  std::string form_;
};

}  // namespace

HybridRetriever::HybridRetriever(const KbFolder& folder, const TextEncoder& encoder)
    : folder_(folder), encoder_(encoder) {
  require_vectors(folder, encoder);
}

std::vector<std::vector<Candidate>> HybridRetriever::retrieve(std::span<const std::string> mentions,
                                                              const SearchOptions& options) const {
  const FlatIndex& vectors = *folder_.vectors;
  const std::size_t D = vectors.dimension();
  const NameScope everything;
  const NameScope& scope = options.scope == nullptr ? everything : *options.scope;
  const RowFilter texts_filter = scope.texts(folder_.kb);
  const RowFilter skeletons_filter = scope.rows(folder_.kb, folder_.skeletons.forms);
  std::vector<float> made;
  const auto embedded = vectors_of(encoder_, mentions, options, made);
  const MatrixView<const float> queries(embedded.data(), mentions.size(), D);

  const FormOf spelling_of = text_forms(folder_.kb, forms_, &NameForms::spelling);
  const FormOf skeleton_of = text_forms(folder_.kb, forms_, &NameForms::skeleton);

  const auto by_vectors =
      vectors.search(queries, std::max(kByVectors, 2 * options.k), texts_filter, options.workers);
  std::vector<std::vector<Candidate>> found(mentions.size());
  std::vector<NgramWorkspace> workspaces(std::max<std::size_t>(options.workers, 1));
  parallel_for(options.workers, mentions.size(), [&](std::size_t worker, std::size_t i) {
    NgramWorkspace& workspace = workspaces[worker];
    const MentionForms mention(forms_, *folder_.isotropy, mentions[i], queries.row(i));
    const NgramQuery ngrams = prepare_ngrams(folder_, &KbFolder::ngrams, mention.spelling);
    const NgramQuery skeleton = prepare_ngrams(folder_, &KbFolder::skeletons, mention.skeleton);

    ProposedTexts texts;
    for (const Neighbour& neighbour : by_vectors[i]) texts.ids.push_back(neighbour.row);
    for (const Neighbour& neighbour :
         folder_.skeletons.ngrams->search(skeleton, std::max(kBySkeleton, 2 * options.k),
                                          skeleton_of, skeletons_filter, workspace)) {
      const auto same = folder_.skeletons.forms.all_of(neighbour.row);
      texts.ids.insert(texts.ids.end(), same.begin(), same.end());
    }
    std::ranges::sort(texts.ids);
    texts.ids.erase(std::unique(texts.ids.begin(), texts.ids.end()), texts.ids.end());

    texts.dense = vectors.score(mention.vector, texts.ids);
    texts.isotropic = vectors.score(mention.isotropic.direction, texts.ids);
    for (std::size_t t = 0; t < texts.ids.size(); ++t) {
      texts.isotropic[t] =
          folder_.isotropy->row_score(mention.isotropic, texts.isotropic[t], texts.ids[t]);
    }
    texts.ngram = form_scores(folder_.ngrams, ngrams, texts.ids, spelling_of, workspace);
    texts.skeleton = form_scores(folder_.skeletons, skeleton, texts.ids, skeleton_of, workspace);
    found[i] = Scorer(folder_, forms_, mention, options).candidates(texts);
  });
  return found;
}

}  // namespace enlace
