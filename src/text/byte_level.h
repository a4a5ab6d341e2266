// Text as a string of visible characters, one for each of its bytes: the alphabet of byte-level
// BPE.
#pragma once

#include <cstdint>
#include <string_view>

#include "text/text_step.h"
#include "text/word_step.h"

namespace enlace {

/// The character that stands for `byte` (Radford et al. 2019, the encoder of GPT-2): itself where
/// it is a visible character of Latin-1, else one from U+0100 on. A space is Ġ (U+0120).
std::string_view byte_character(unsigned char byte) noexcept;

/// Writes every byte as its character: the normalizer "ByteLevel".
class ByteLevelText final : public TextStep {
 public:
  bool apply(const NormalizedText& in, NormalizedText& out) const override;
};

/// Puts a space in front of each piece that has none, if so wished, and writes every byte as its
/// character: the pre-tokenizer "ByteLevel". `split` is what its use_regex does between the two,
/// and may be null.
class ByteLevelPieces final : public WordStep {
 public:
  ByteLevelPieces(bool add_space, std::unique_ptr<const WordStep> split)
      : add_space_(add_space), split_(std::move(split)) {}

  void apply(PieceText& text, PieceText& scratch) const override;

 private:
  bool add_space_;
  std::unique_ptr<const WordStep> split_;
};

}  // namespace enlace
