// The tokens that a tokenizer finds in a text as they stand, before anything else is done to it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/span.h"
#include "text/trie.h"

namespace enlace {

/// A token added to a vocabulary, as tokenizer.json describes it.
struct AddedToken {
  std::int32_t id = 0;
  std::string content;
  bool single_word = false;  // only where no word character is beside it
  bool left_strip = false;   // takes the white space on its left with it
  bool right_strip = false;
  bool normalized = false;  // is looked for in the rewritten text
};

/// A part of a text: one added token, or what is between two.
struct TextSection {
  std::int32_t id = -1;  // -1: not an added token
  Span span;
};

/// Finds added tokens. Const use is thread-safe.
class AddedTokens {
 public:
  AddedTokens() = default;

  /// Tokens with empty content are never found. Throws as Trie does.
  explicit AddedTokens(std::vector<AddedToken> tokens);

  bool empty() const noexcept { return tokens_.empty(); }

  /// Puts the sections of `text` into `sections`, in order; none but an added token is empty. At
  /// each place the longest content wins.
  /// Cost: the size of `text` times the longest content, where contents begin.
  void split(std::string_view text, std::vector<TextSection>& sections) const;

 private:
  /// The index of the longest token at text[at], or -1.
  std::int32_t match(std::string_view text, std::size_t at) const;

  std::vector<AddedToken> tokens_;
  Trie trie_;                       // contents to places in tokens_
  std::array<bool, 256> starts_{};  // the bytes that contents begin with
};

}  // namespace enlace
