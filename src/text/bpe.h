// Byte-pair encoding.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/byte_entries.h"
#include "text/merge_table.h"
#include "text/subword_model.h"
#include "text/trie.h"

namespace enlace {

struct BpeOptions {
  std::int32_t unknown = -1;   // -1: what is no entry vanishes
  bool fuse_unknown = false;   // a run of unknown characters is one token
  bool byte_fallback = false;  // an unknown character is its bytes, if <0x00> and so on are entries
  bool ignore_merges = false;  // a piece that is an entry is one token, whatever its merges
  std::string continuation{};  // opens an entry that is not the first of a piece
  std::string end{};           // closes the last entry of a piece
};

/// Sennrich et al. 2016 (arXiv:1508.07909), section 3.2: a piece is its characters, of which
/// neighbours are merged, the pair of the lowest rank first and the leftmost of several.
class Bpe final : public SubwordModel {
 public:
  /// `entries` spells the ids, all below `size`; so are those in `merges`.
  Bpe(Trie entries, std::int32_t size, std::span<const BpeMerge> merges, BpeOptions options);

  /// Cost: for a piece of n characters n log n, or their square if there are few.
  void tokenize(std::string_view piece, ModelWorkspace& workspace,
                std::vector<Token>& tokens) const override;
  std::int32_t find(std::string_view entry) const override { return trie_.find(entry); }
  std::int32_t size() const override { return size_; }
  std::string_view kind() const noexcept override { return "BPE"; }

 private:
  /// The characters of `piece` as tokens.
  void spell(std::string_view piece, std::vector<Token>& tokens) const;
  /// How a character is spelt at the beginning, the end or in the middle of a piece.
  std::string_view spelling(std::string_view character, bool first, bool last,
                            std::string& memory) const;

  Trie trie_;
  MergeTable merges_;
  BpeOptions options_;
  ByteEntries bytes_;
  std::int32_t size_;
};

}  // namespace enlace
