// The WordPiece vocabulary of BERT.
#pragma once

#include <string_view>
#include <vector>

#include "text/subword_model.h"
#include "text/trie.h"

namespace enlace {

struct WordPieceOptions {
  std::string_view continuation = "##";  // opens an entry that continues a word
  std::size_t max_characters = 100;      // a longer word is unknown
};

/// Greedy longest match first (Wu et al. 2016, arXiv:1609.08144, section 4.1). A word that cannot
/// be spelt to its end is one unknown token.
class WordPiece final : public SubwordModel {
 public:
  /// `entries` spells the ids, all below `size`; so is `unknown`.
  WordPiece(Trie entries, std::int32_t size, std::int32_t unknown, const WordPieceOptions& options);

  /// Cost: the size of `piece`, and for one that is not too long its square.
  void tokenize(std::string_view piece, ModelWorkspace& workspace,
                std::vector<Token>& tokens) const override;
  std::int32_t find(std::string_view entry) const override { return trie_.find(entry); }
  std::int32_t size() const override { return size_; }
  std::string_view kind() const noexcept override { return "WordPiece"; }

 private:
  Trie trie_;
  Trie::State continuation_ = 0;  // where the entries that continue a word begin
  bool continues_ = true;         // whether there are any
  std::size_t max_characters_;
  std::int32_t unknown_;
  std::int32_t size_;
};

}  // namespace enlace
