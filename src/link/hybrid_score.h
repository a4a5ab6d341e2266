// The score of the hybrid retriever: what spelling and meaning say, in one number.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace enlace {

/// What is known of one name of one concept beside a mention.
struct HybridFeatures {
  float isotropic = 0;              // cosine in the isotropic view (index/isotropic_view.h)
  float concept_mean = 0;           // the same with the sum of the concept's names
  float skeleton = 0;               // cosine of the trigrams of both skeletons, 0 .. 1
  std::uint32_t closer = 0;         // proposed texts with a higher plain cosine than this one
  std::uint32_t extra_numbers = 0;  // distinct numbers in the name that the mention does not have
  std::uint32_t sharing = 1;        // concepts that have a name with this very text
  float thesaurus = 0;              // likeness to another name (link/thesaurus.h); 1: the same name
};

/// How much each feature counts.
struct HybridWeights {
  float isotropic, concept_mean, skeleton, closer, extra_number, sharing;
  float thesaurus;  // 0 where none is asked
};

/// Fitted by listwise softmax regression (Cao et al. 2007, ICML) on the training folds of
/// CT-EBM-SP, QUAERO, CodiEsp, CANTEMIST and the three SPACCC corpora, not on development or test
/// mentions, but for the thesaurus, whose weight was chosen by accuracy at 1 on the same folds;
/// what else was chosen, and by what, is told in docs/HYBRID.md. For vectors whose view evens them
/// out, and for those whose view is plain: cosines of the former are spread wider.
inline constexpr HybridWeights kEvenedWeights{5.9F, 5.7F, 3.2F, 0.8F, 0.9F, 1.5F, 6.0F};
inline constexpr HybridWeights kPlainWeights{9.5F, 3.1F, 3.0F, 1.0F, 0.3F, 1.7F, 6.0F};

/// A linear score, at most 1, with the weights a to g:
///
///   (a isotropic + b concept_mean + c skeleton^3 + d / (1 + closer)
///      - e min(2, extra_numbers) - f ln sharing + g thesaurus^3) / (a + b + c + d + g)
float hybrid_score(const HybridFeatures& features, const HybridWeights& weights) noexcept;

/// The distinct numbers, as runs of ASCII digits, in a text, sorted. Views into `text`.
std::vector<std::string_view> numbers_in(std::string_view text);

/// How many of the sorted `numbers` are not in the sorted `known`.
std::uint32_t count_missing(const std::vector<std::string_view>& numbers,
                            const std::vector<std::string_view>& known) noexcept;

}  // namespace enlace
