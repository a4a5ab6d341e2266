// The entries <0x00> to <0xFF> of a vocabulary, which spell what it has no other entry for.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "text/subword_model.h"
#include "text/trie.h"

namespace enlace {

/// "Byte fallback" of SentencePiece (Kudo & Richardson 2018, arXiv:1808.06226).
class ByteEntries {
 public:
  explicit ByteEntries(const Trie& entries);

  /// Appends one token for each of `bytes`, all with `span`; false, and nothing, if a byte has no
  /// entry.
  bool append(std::string_view bytes, Span span, std::vector<Token>& tokens) const;

 private:
  std::array<std::int32_t, 256> ids_{};  // -1: none
};

}  // namespace enlace
