#include "link/dense_retriever.h"

#include "base/error.h"
#include "base/parallel.h"
#include "encode/name_vectors.h"
#include "link/concept_scores.h"
#include "link/proposals.h"

namespace enlace {

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
  const KbFolder& folder = *part_.folder;
  const KnowledgeBase& kb = folder.kb;
  const FlatIndex& index = *folder.vectors;
  const RowFilter filter = part_.scope.texts(kb);
  std::vector<float> made;
  const auto embedded = vectors_of(encoder_, mentions, options, made);
  const MatrixView<const float> queries(embedded.data(), mentions.size(), index.dimension());

  const float share = encoder_.usage().concept_share;
  const std::size_t asked = rows_for(options.k);
  auto neighbours = index.search(queries, asked, filter, options.workers);
  std::vector<std::vector<Candidate>> found(mentions.size());
  parallel_for(options.workers, mentions.size(), [&](std::size_t, std::size_t i) {
    IsotropicQuery query;
    if (share > 0) query = folder.isotropy->prepare(queries.row(i));
    ConceptScores concepts(folder, query);
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
