// The unigram language model of SentencePiece.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "text/byte_entries.h"
#include "text/subword_model.h"
#include "text/trie.h"

namespace enlace {

/// The segmentation with the highest sum of scores (Kudo 2018, arXiv:1804.10959, section 3.2), by
/// Viterbi over the code points. Among equal sums the one whose last entry begins first, as the
/// reference library has it. A code point that is no entry costs 10 more than the least score; runs
/// of such become one unknown token.
class Unigram final : public SubwordModel {
 public:
  /// Entry i is spelt `entries[i]` and has `scores[i]`; of equal spellings the last counts.
  /// Requires 0 <= unknown < entries.size() == scores.size(). Throws as Trie does.
  Unigram(std::span<const std::string_view> entries, std::vector<double> scores,
          std::int32_t unknown, bool byte_fallback = false);

  /// Cost: the size of `piece` times the longest entry (at most Trie::kMaxKeySize).
  void tokenize(std::string_view piece, ModelWorkspace& workspace,
                std::vector<Token>& tokens) const override;
  std::int32_t find(std::string_view entry) const override { return trie_.find(entry); }
  std::int32_t size() const override { return std::int32_t(scores_.size()); }
  std::string_view kind() const noexcept override { return "Unigram"; }

 private:
  /// Puts bytes in the place of the unknown tokens of tokens[first, …).
  void spell_unknown(std::string_view piece, std::size_t first, std::vector<Token>& tokens) const;
  void find_path(std::string_view piece, std::vector<PathNode>& path) const;

  Trie trie_;
  std::vector<double> scores_;
  double unknown_score_;
  std::int32_t unknown_;
  std::optional<ByteEntries> bytes_;
};

}  // namespace enlace
