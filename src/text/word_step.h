// The steps by which a tokenizer splits a text into the pieces that its model sees one by one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "text/normalized_text.h"

namespace enlace {

/// A text and the spans of it that are pieces, in order and disjoint; none is empty.
struct PieceText {
  NormalizedText text;
  std::vector<Span> pieces;
};

/// One of the pre-tokenizers of tokenizer.json. Const use is thread-safe.
class WordStep {
 public:
  virtual ~WordStep() = default;

  /// Splits, and may rewrite, every piece of `text`. `scratch` is memory to work in. Linear.
  virtual void apply(PieceText& text, PieceText& scratch) const = 0;

  /// Whether the result depends on the origins of the text, which must then have them.
  virtual bool needs_origins() const { return false; }
};

using WordSteps = std::vector<std::unique_ptr<const WordStep>>;

/// Drops white space and splits at it.
class WhitespaceSplit final : public WordStep {
 public:
  void apply(PieceText& text, PieceText& scratch) const override;
};

/// Drops white space and splits at it, and makes every punctuation character a piece.
class BertSplit final : public WordStep {
 public:
  void apply(PieceText& text, PieceText& scratch) const override;
};

/// Replaces spaces by a visible character, puts one in front where there is none, and splits before
/// each of them.
class Metaspace final : public WordStep {
 public:
  enum class Prepend {
    kAlways,
    kFirst,  // only where the piece begins with the original text
    kNever,
  };
  enum class Split { kYes, kNo };

  Metaspace(std::string_view replacement, Prepend prepend, Split split)
      : replacement_(replacement), prepend_(prepend), split_(split) {}

  void apply(PieceText& text, PieceText& scratch) const override;
  bool needs_origins() const override { return prepend_ == Prepend::kFirst; }

 private:
  std::string replacement_;  // one character
  Prepend prepend_;
  Split split_;
};

}  // namespace enlace
