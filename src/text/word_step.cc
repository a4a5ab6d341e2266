#include "text/word_step.h"

#include <utility>

#include "text/bert_characters.h"
#include "text/characters.h"

namespace enlace {
namespace {

enum class Role { kInside, kGap, kAlone };

template <class RoleOf>
void split_by(PieceText& text, PieceText& scratch, const RoleOf& role_of) {
  scratch.pieces.clear();
  for (const Span piece : text.pieces) {
    std::uint32_t begin = piece.begin;
    const auto close = [&](std::uint32_t end) {
      if (begin < end) scratch.pieces.push_back({begin, end});
    };
    for (std::uint32_t at = piece.begin; at < piece.end;) {
      const CodePoint next = next_code_point(text.text.text, at);
      const Role role = role_of(next.value);
      if (role != Role::kInside) {
        close(at);
        begin = at + next.size;
        if (role == Role::kAlone) scratch.pieces.push_back({at, begin});
      }
      at += next.size;
    }
    close(piece.end);
  }
  std::swap(text.pieces, scratch.pieces);
}

}  // namespace

void WhitespaceSplit::apply(PieceText& text, PieceText& scratch) const {
  split_by(text, scratch,
           [](char32_t c) { return is_white_space(c) ? Role::kGap : Role::kInside; });
}

void BertSplit::apply(PieceText& text, PieceText& scratch) const {
  split_by(text, scratch, [](char32_t c) {
    if (is_white_space(c)) return Role::kGap;
    return is_bert_punctuation(c) ? Role::kAlone : Role::kInside;
  });
}

void Metaspace::apply(PieceText& text, PieceText& scratch) const {
  scratch.text.clear();
  scratch.pieces.clear();
  const NormalizedText& in = text.text;
  NormalizedText& out = scratch.text;
  const bool traced = !in.origins.empty();
  for (const Span piece : text.pieces) {
    const std::string_view bytes = piece.of(in.text);
    auto begin = std::uint32_t(out.text.size());
    const bool wanted = prepend_ == Prepend::kAlways || (prepend_ == Prepend::kFirst && traced &&
                                                         in.origins[piece.begin].begin == 0);
    if (wanted && bytes[0] != ' ' && !bytes.starts_with(replacement_)) {
      out.append(replacement_, traced ? in.origins[piece.begin] : Span{}, traced);
    }
    for (std::size_t at = 0; at < bytes.size();) {
      const bool space = bytes[at] == ' ';
      if (space || bytes.substr(at).starts_with(replacement_)) {
        const auto end = std::uint32_t(out.text.size());
        // A prepended character and the one after it are never both separators.
        if (split_ == Split::kYes && begin < end) {
          scratch.pieces.push_back({begin, end});
          begin = end;
        }
        out.append(replacement_, traced ? in.origins[piece.begin + at] : Span{}, traced);
        at += space ? 1 : replacement_.size();
      } else {
        const std::size_t stop =
            std::min(bytes.find_first_of(std::string{' ', replacement_[0]}, at + 1), bytes.size());
        out.append(in, piece.begin + at, piece.begin + stop);
        at = stop;
      }
    }
    if (begin < out.text.size()) scratch.pieces.push_back({begin, std::uint32_t(out.text.size())});
  }
  std::swap(text, scratch);
}

}  // namespace enlace
