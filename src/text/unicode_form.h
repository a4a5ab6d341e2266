// The normalisation forms of Unicode, with origins.
#pragma once

#include "text/text_step.h"

namespace enlace {

/// Unicode Standard Annex 15 as the reference library has it: with the decompositions of
/// Unicode 12. A composed character has the origin of its first part. Const use is thread-safe.
class UnicodeForm final : public TextStep {
 public:
  enum class Form { kNfc, kNfd, kNfkc, kNfkd };

  explicit UnicodeForm(Form form) : form_(form) {}
  bool apply(const NormalizedText& in, NormalizedText& out) const override;

 private:
  Form form_;
};

/// General category M* of Unicode 9.
bool is_combining_mark(char32_t c) noexcept;

/// Drops combining marks: the normalizer "StripAccents".
class StripAccents final : public TextStep {
 public:
  bool apply(const NormalizedText& in, NormalizedText& out) const override;
};

}  // namespace enlace
