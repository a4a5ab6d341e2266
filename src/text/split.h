// Splitting pieces where a pattern matches: the pre-tokenizers Split, Whitespace, Punctuation,
// Digits, CharDelimiterSplit, and the splitting of ByteLevel.
#pragma once

#include <utility>

#include "text/split_pattern.h"
#include "text/word_step.h"

namespace enlace {

/// What becomes of a match of the pattern.
enum class Matches {
  kRemoved,
  kIsolated,    // a piece of its own
  kWithBefore,  // the end of the piece before it; of matches side by side only the first
  kWithAfter,   // the beginning of the piece after it; of matches side by side only the last
  kContiguous,  // a piece, with the matches beside it
};

/// The pieces between and of the matches, found from left to right. `inverted`: what does not match
/// is taken for the match, and the other way round.
class PatternSplit final : public WordStep {
 public:
  PatternSplit(SplitPattern pattern, Matches matches, bool inverted)
      : pattern_(std::move(pattern)), matches_(matches), inverted_(inverted) {}

  void apply(PieceText& text, PieceText& scratch) const override;

 private:
  SplitPattern pattern_;
  Matches matches_;
  bool inverted_;
};

}  // namespace enlace
