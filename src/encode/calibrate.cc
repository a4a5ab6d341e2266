#include "encode/calibrate.h"

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "encode/calibration_texts.h"

namespace enlace {
namespace {

constexpr std::size_t kRandomSequences = 64;
constexpr std::size_t kRandomTokens = 8;  // of a name, about
constexpr std::size_t kTogether = 16;

using Sequence = std::vector<std::int32_t>;

std::vector<Sequence> sequences_of(const ModelTokenizer& tokenizer, const ModelConfig& config) {
  ModelTokenizer::Workspace workspace;
  std::vector<Sequence> sequences;
  for (const std::string_view text : calibration_texts()) {
    tokenizer.append(text, workspace, sequences.emplace_back());
  }
  Sequence frame;  // the special tokens, and the prefix if there is one
  tokenizer.append("", workspace, frame);
  Random random(1);
  for (std::size_t s = 0; s < kRandomSequences; ++s) {
    Sequence& sequence = sequences.emplace_back(frame);
    for (std::size_t t = 0; t < kRandomTokens && sequence.size() < config.max_tokens(); ++t) {
      const auto id = static_cast<std::int32_t>(random.below(config.vocabulary));
      sequence.insert(sequence.empty() ? sequence.end() : sequence.end() - 1, id);
    }
  }
  std::erase_if(sequences, [](const Sequence& sequence) { return sequence.empty(); });
  return sequences;
}

}  // namespace

EncoderStatistics calibrate(const EncoderWeights& weights, const ModelTokenizer& tokenizer) {
  EncoderStatistics statistics = empty_statistics(weights);
  Workspace workspace;
  const auto sequences = sequences_of(tokenizer, weights.config);
  for (std::size_t begin = 0; begin < sequences.size(); begin += kTogether) {
    Sequence ids;
    std::vector<std::uint32_t> starts{0};
    for (std::size_t s = begin; s < std::min(begin + kTogether, sequences.size()); ++s) {
      ids.insert(ids.end(), sequences[s].begin(), sequences[s].end());
      starts.push_back(static_cast<std::uint32_t>(ids.size()));
    }
    forward(weights, {ids, starts}, Wanted::kAllTokens, workspace, &statistics);
  }
  return statistics;
}

}  // namespace enlace
