#include "text/unigram.h"

#include <algorithm>

namespace enlace {
namespace {

constexpr double kUnknownPenalty = 10.0;
constexpr std::uint32_t kNowhere = UINT32_MAX;

std::uint32_t character_size(std::string_view piece, std::uint32_t at) {
  const auto lead = static_cast<unsigned char>(piece[at]);
  const std::uint32_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(size, std::uint32_t(piece.size()) - at);
}

void improve(PathNode& node, double score, std::int32_t id, std::uint32_t from) {
  if (node.from == kNowhere || score > node.score) node = {score, id, from};
}

}  // namespace

Unigram::Unigram(std::span<const std::string_view> entries, std::vector<double> scores,
                 std::int32_t unknown, bool byte_fallback)
    : trie_(Trie::of_places(entries)),
      scores_(std::move(scores)),
      unknown_score_(*std::min_element(scores_.begin(), scores_.end()) - kUnknownPenalty),
      unknown_(unknown) {
  if (byte_fallback) bytes_.emplace(trie_);
}

void Unigram::find_path(std::string_view piece, std::vector<PathNode>& path) const {
  const auto size = std::uint32_t(piece.size());
  path.assign(size + 1, {0.0, 0, kNowhere});
  for (std::uint32_t begin = 0; begin < size;) {
    const std::uint32_t after = begin + character_size(piece, begin);
    const double here = path[begin].score;
    bool spelt = false;  // whether the character itself is an entry
    Trie::State state = trie_.root();
    for (std::uint32_t end = begin; end < size && trie_.step(state, piece[end]);) {
      ++end;
      if (!Trie::has_value(state)) continue;
      const std::int32_t id = Trie::value(state);
      improve(path[end], scores_[std::size_t(id)] + here, id, begin);
      spelt = spelt || end == after;
    }
    if (!spelt) improve(path[after], unknown_score_ + here, unknown_, begin);
    begin = after;
  }
}

void Unigram::tokenize(std::string_view piece, ModelWorkspace& workspace,
                       std::vector<Token>& tokens) const {
  const std::vector<PathNode>& path = workspace.path;
  find_path(piece, workspace.path);
  const auto first = std::ptrdiff_t(tokens.size());
  bool fuse = false;  // whether tokens.back() is unknown
  for (auto end = std::uint32_t(piece.size()); end > 0;) {
    const PathNode& node = path[end];
    if (fuse && node.id == unknown_) {
      tokens.back().span.begin = node.from;
    } else {
      tokens.push_back({node.id, {node.from, end}});
    }
    fuse = node.id == unknown_;
    end = node.from;
  }
  std::reverse(tokens.begin() + first, tokens.end());
  if (bytes_) spell_unknown(piece, std::size_t(first), tokens);
}

void Unigram::spell_unknown(std::string_view piece, std::size_t first,
                            std::vector<Token>& tokens) const {
  const auto begin = tokens.begin() + std::ptrdiff_t(first);
  if (std::none_of(begin, tokens.end(), [&](const Token& t) { return t.id == unknown_; })) return;
  const std::vector<Token> spelt(begin, tokens.end());
  tokens.resize(first);
  for (const Token& token : spelt) {
    const std::string_view bytes = token.span.of(piece);
    // The unknown entry may stand in the text as it is spelt.
    const bool known = token.id != unknown_ || trie_.find(bytes) == unknown_;
    if (known || !bytes_->append(bytes, token.span, tokens)) tokens.push_back(token);
  }
}

}  // namespace enlace
