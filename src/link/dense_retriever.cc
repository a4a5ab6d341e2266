#include "link/dense_retriever.h"

#include <cmath>
#include <unordered_map>

#include "base/error.h"
#include "base/parallel.h"
#include "encode/case_folding.h"
#include "link/proposals.h"
#include "math/kernels.h"

namespace enlace {
namespace {

/// The inner products of one mention with concepts, each computed once.
class ConceptScores {
 public:
  ConceptScores(const KnowledgeBase& kb, const FlatIndex& index, std::span<const float> mention)
      : kb_(kb), index_(index), mention_(mention) {}

  /// With the sum of the embeddings of all texts of the concept, of length 1.
  float of(ConceptId concept_id) {
    const auto [place, is_new] = known_.try_emplace(concept_id, 0.0F);
    if (!is_new) return place->second;
    sum_.assign(mention_.size(), 0);
    for (const TextId text : texts_of_concept(kb_, concept_id)) {
      const std::span<const float> vector = index_.vector(text);
      for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += vector[i];
    }
    const auto dot = kernels().dot;
    const float length = std::sqrt(dot(sum_.data(), sum_.data(), sum_.size()));
    if (length > 0) place->second = dot(sum_.data(), mention_.data(), sum_.size()) / length;
    return place->second;
  }

 private:
  const KnowledgeBase& kb_;
  const FlatIndex& index_;
  std::span<const float> mention_;
  std::vector<float> sum_;
  std::unordered_map<ConceptId, float> known_;
};

}  // namespace

void require_vectors(const KbFolder& folder, const TextEncoder& encoder) {
  if (!folder.vectors) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected vectors, found none; build it with --model", folder.path.string());
  }
  const ManifestModel& model = *folder.manifest.model;
  if (model.fingerprint != encoder.fingerprint()) {
    throw Error(
        ErrorKind::kInvalidArgument,
        "{}: expected the model of its vectors, {} in {} with fingerprint {:016x}; found another, "
        "in {} with {:016x}: weights, tokenizer, pooling, prefix or precision differ",
        folder.path.string(), model.path, name_of(model.precision), model.fingerprint,
        name_of(encoder.precision()), encoder.fingerprint());
  }
}

DenseRetriever::DenseRetriever(const KbPart& part, const TextEncoder& encoder)
    : part_(part), encoder_(encoder) {
  require_vectors(*part.folder, encoder);
}

std::vector<std::vector<Candidate>> DenseRetriever::retrieve(std::span<const std::string> mentions,
                                                             const SearchOptions& options) const {
  const KnowledgeBase& kb = part_.folder->kb;
  const FlatIndex& index = *part_.folder->vectors;
  const RowFilter filter = part_.scope.texts(kb);
  std::vector<float> made;
  const auto embedded = vectors_of(encoder_, mentions, options, made);
  const MatrixView<const float> queries(embedded.data(), mentions.size(), index.dimension());

  const float share = encoder_.usage().concept_share;
  const std::size_t asked = rows_for(options.k);
  auto neighbours = index.search(queries, asked, filter, options.workers);
  std::vector<std::vector<Candidate>> found(mentions.size());
  parallel_for(options.workers, mentions.size(), [&](std::size_t, std::size_t i) {
    ConceptScores concepts(kb, index, queries.row(i));
    const RowSource source{
        [&](std::size_t rows) { return index.search(queries.slice(i, i + 1), rows, filter)[0]; },
        [&](const Neighbour& neighbour, std::vector<Candidate>& candidates) {
          const std::size_t first = candidates.size();
          propose(kb, {&neighbour.row, 1}, part_.restriction(), neighbour.score,
                  {.dense = neighbour.score}, candidates);
          if (share == 0) return;
          for (Candidate& candidate : std::span(candidates).subspan(first)) {
            candidate.score += share * (concepts.of(candidate.concept_id) - candidate.score);
          }
        }};
    found[i] = concepts_of_rows(options, std::move(neighbours[i]), asked, source);
  });
  return found;
}

std::vector<float> embed_mentions(const TextEncoder& encoder, std::span<const std::string> mentions,
                                  std::size_t workers) {
  const std::vector<std::string_view> views(mentions.begin(), mentions.end());
  std::vector<float> embedded(views.size() * encoder.dimension());
  encode_mentions(encoder, views, {embedded.data(), views.size(), encoder.dimension()}, workers);
  return embedded;
}

std::span<const float> vectors_of(const TextEncoder& encoder, std::span<const std::string> mentions,
                                  const SearchOptions& options, std::vector<float>& made) {
  if (!options.vectors.empty()) return options.vectors;
  made = embed_mentions(encoder, mentions, options.workers);
  return made;
}

}  // namespace enlace
