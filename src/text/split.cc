#include "text/split.h"

#include "text/characters.h"

namespace enlace {
namespace {

/// Joins the parts of one piece, each a match or not, to pieces.
class Joiner {
 public:
  Joiner(Matches matches, std::vector<Span>& pieces) : matches_(matches), pieces_(pieces) {}

  void add(Span part, bool is_match) {
    const bool joins = joins_last(is_match);
    if (matches_ == Matches::kRemoved && is_match) {
      // gone
    } else if (joins) {
      pieces_.back().end = part.end;
    } else {
      pieces_.push_back(part);
    }
    was_match_ = is_match;
    is_first_ = false;
  }

 private:
  bool joins_last(bool is_match) const {
    if (is_first_) return false;
    switch (matches_) {
      case Matches::kRemoved:
      case Matches::kIsolated: return false;
      case Matches::kWithBefore: return is_match && !was_match_;
      case Matches::kWithAfter: return !is_match && was_match_;
      case Matches::kContiguous: return is_match == was_match_;
    }
    return false;
  }

  Matches matches_;
  std::vector<Span>& pieces_;
  bool was_match_ = false;
  bool is_first_ = true;
};

}  // namespace

void PatternSplit::apply(PieceText& text, PieceText& scratch) const {
  scratch.pieces.clear();
  for (const Span piece : text.pieces) {
    const std::string_view bytes = piece.of(text.text.text);
    Joiner joiner(matches_, scratch.pieces);
    const auto add = [&](std::size_t begin, std::size_t end, bool is_match) {
      if (begin == end) return;
      joiner.add({piece.begin + std::uint32_t(begin), piece.begin + std::uint32_t(end)},
                 is_match != inverted_);
    };
    std::size_t done = 0;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = match_at(pattern_, bytes, at);
      if (size == 0) {
        at += next_code_point(bytes, at).size;
        continue;
      }
      add(done, at, false);
      add(at, at + size, true);
      at += size;
      done = at;
    }
    add(done, bytes.size(), false);
  }
  std::swap(text.pieces, scratch.pieces);
}

}  // namespace enlace
