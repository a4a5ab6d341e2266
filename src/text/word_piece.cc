#include "text/word_piece.h"

#include <utility>

#include "base/utf8.h"

namespace enlace {

WordPiece::WordPiece(Trie entries, std::int32_t size, std::int32_t unknown,
                     const WordPieceOptions& options)
    : trie_(std::move(entries)),
      max_characters_(options.max_characters),
      unknown_(unknown),
      size_(size) {
  continuation_ = trie_.root();
  for (const char byte : options.continuation) {
    continues_ = continues_ && trie_.step(continuation_, byte);
  }
}

void WordPiece::tokenize(std::string_view piece, ModelWorkspace&,
                         std::vector<Token>& tokens) const {
  const auto size = std::uint32_t(piece.size());
  const std::size_t first = tokens.size();
  bool spelt = count_code_points(piece) <= max_characters_;
  for (std::uint32_t begin = 0; spelt && begin < size;) {
    Trie::State state = begin == 0 ? trie_.root() : continuation_;
    Token longest = {-1, {begin, begin}};
    for (std::uint32_t end = begin; end < size && trie_.step(state, piece[end]);) {
      ++end;
      if (Trie::has_value(state)) longest = {Trie::value(state), {begin, end}};
    }
    spelt = longest.id >= 0;
    tokens.push_back(longest);
    begin = longest.span.end;
    if (!continues_ && begin < size) spelt = false;
  }
  if (spelt) return;
  tokens.resize(first);
  tokens.push_back({unknown_, {0, size}});
}

}  // namespace enlace
