// Candidates whose names mean what the mention means.
#pragma once

#include "encode/text_encoder.h"
#include "link/kb_parts.h"
#include "link/retriever.h"

namespace enlace {

/// Concepts by the inner product of the embeddings of their names with the mention's. With a model
/// that normalises, this is the cosine.
///
/// If the model's usage has a concept_share, names are found by it, and a candidate's score is made
/// of it and of its concept's (link/concept_scores.h), in that share. That tells apart concepts
/// which have a name in common.
class DenseRetriever final : public Retriever {
 public:
  /// Borrows both. Throws Error(kInvalidArgument) if the knowledge base has no vectors, or they are
  /// another model's than `encoder`.
  DenseRetriever(const KbPart& part, const TextEncoder& encoder);

  std::vector<std::vector<Candidate>> retrieve(std::span<const std::string> mentions,
                                               const SearchOptions& options) const override;

 private:
  const KbPart& part_;
  const TextEncoder& encoder_;
};

/// Throws Error(kInvalidArgument) unless `folder` has vectors, and `encoder` made them.
void require_vectors(const KbFolder& folder, const TextEncoder& encoder);

/// The embeddings of `mentions`, (mentions, D) row-major.
std::vector<float> embed_mentions(const TextEncoder& encoder, std::span<const std::string> mentions,
                                  std::size_t workers);

/// Those that the options bring, or else made now and put into `made`.
std::span<const float> vectors_of(const TextEncoder& encoder, std::span<const std::string> mentions,
                                  const SearchOptions& options, std::vector<float>& made);

}  // namespace enlace
