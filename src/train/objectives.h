// What training makes smaller: losses over the vectors of a batch, with their gradients.
//
// N vectors x, not normalized; y_i is what they are normalized to, S_ij = y_i y_j. Losses that take
// pairs of texts instead, as cross-encoders do, belong beside these, in files of their own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "math/matrix.h"

namespace enlace {

/// Which rows of a batch belong together.
struct BatchLabels {
  std::span<const std::uint32_t> labels;  // (N): equal ones are positives of one another
  /// (N, N) with ones where two rows must not be negatives of one another; empty: none.
  std::span<const std::uint8_t> not_negative = {};
};

/// A loss and its gradient at the vectors.
struct LossResult {
  double loss = 0;
  std::uint64_t positives = 0;  // pairs, in both orders, that took part
  std::uint64_t negatives = 0;
};

struct MultiSimilarityOptions {
  float alpha = 1;
  float beta = 60;
  float base = 0.5F;    // lambda
  float margin = 0.2F;  // of the miner
};

/// The pairs that the miner keeps, (N, N) each, row by row.
struct MinedPairs {
  std::vector<std::uint8_t> positive, negative;
};

/// TripletMarginMiner of pytorch-metric-learning, type "all": of all triplets of an anchor a, a
/// positive p and a negative n those with d_an - d_ap <= margin, d_ij = sqrt(2 - 2 S_ij). A pair is
/// kept if it is in one of them. In O(N^2): d_ap is compared with the nearest negative, d_an with
/// the furthest positive. `similarities` is S (N, N).
MinedPairs mine_triplets(MatrixView<const float> similarities, const BatchLabels& labels,
                         float margin);

/// Multi-similarity loss (Wang et al. 2019, CVPR) over the pairs that the miner keeps:
/// the mean over anchors a of log(1 + sum over p of exp(-alpha (S_ap - lambda))) / alpha
/// + log(1 + sum over n of exp(beta (S_an - lambda))) / beta, as SapBERT trains (Liu et al. 2021).
/// Writes the gradient at x to `gradient` (N, C).
LossResult multi_similarity(MatrixView<const float> vectors, const BatchLabels& labels,
                            const MultiSimilarityOptions& options, MatrixView<float> gradient,
                            std::size_t workers);

/// InfoNCE (van den Oord et al. 2018, arXiv:1807.03748): the mean over pairs of an anchor a and a
/// positive p of -log(exp(S_ap / t) / (exp(S_ap / t) + sum over n of exp(S_an / t))), NT-Xent of
/// pytorch-metric-learning. Writes the gradient likewise.
LossResult info_nce(MatrixView<const float> vectors, const BatchLabels& labels, float temperature,
                    MatrixView<float> gradient, std::size_t workers);

}  // namespace enlace
