// The steps by which a tokenizer rewrites a text before it looks for words.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/normalized_text.h"

namespace enlace {

/// One of the normalizers of tokenizer.json. Const use is thread-safe.
class TextStep {
 public:
  virtual ~TextStep() = default;

  /// Whether the step changes `in`; if so `out`, empty before, is what it becomes, with origins if
  /// `in` has them. Linear in the text.
  virtual bool apply(const NormalizedText& in, NormalizedText& out) const = 0;
};

using TextSteps = std::vector<std::unique_ptr<const TextStep>>;

/// No text of a model's users grows more when it is rewritten; one that does was made to.
constexpr std::size_t most_rewritten(std::size_t original) {
  return 64 * original + 4096;
}

/// Applies all `steps` to `text`, in order. `scratch` is memory to work in.
/// Throws Error(kUnsupported) if the text grows beyond most_rewritten.
void apply_steps(const TextSteps& steps, NormalizedText& text, NormalizedText& scratch);

/// Replaces every `pattern`, which is not empty, by `content`.
class ReplaceLiteral final : public TextStep {
 public:
  ReplaceLiteral(std::string_view pattern, std::string_view content)
      : pattern_(pattern), content_(content) {}
  bool apply(const NormalizedText& in, NormalizedText& out) const override;

 private:
  std::string pattern_;
  std::string content_;
};

/// A regular expression that finds runs of white space: the only kind that published tokenizers
/// replace.
struct RunPattern {
  std::string_view regex;
  bool spaces_only;        // U+0020, else all white space
  std::size_t least;       // characters in a run
  bool controls = false;   // takes a single line end or tab as well
  bool ends_only = false;  // only at the ends of the text
};

/// The pattern that `regex` is, or null if it is none of those known.
const RunPattern* known_run_pattern(std::string_view regex) noexcept;

/// Replaces every run that `pattern` finds by `content`.
class ReplaceRuns final : public TextStep {
 public:
  ReplaceRuns(const RunPattern& pattern, std::string_view content)
      : pattern_(pattern), content_(content) {}
  bool apply(const NormalizedText& in, NormalizedText& out) const override;

 private:
  RunPattern pattern_;
  std::string content_;
};

/// Puts `content` in front of a text that is not empty.
class Prepend final : public TextStep {
 public:
  explicit Prepend(std::string_view content) : content_(content) {}
  bool apply(const NormalizedText& in, NormalizedText& out) const override;

 private:
  std::string content_;
};

/// Drops the white space at either end.
class Strip final : public TextStep {
 public:
  Strip(bool left, bool right) : left_(left), right_(right) {}
  bool apply(const NormalizedText& in, NormalizedText& out) const override;

 private:
  bool left_;
  bool right_;
};

/// Lowers every character by itself (no final sigma).
class Lowercase final : public TextStep {
 public:
  bool apply(const NormalizedText& in, NormalizedText& out) const override;
};

/// Drops control characters and makes spaces of white space and invisible characters, as the
/// rules "nmt" of SentencePiece do.
class Nmt final : public TextStep {
 public:
  bool apply(const NormalizedText& in, NormalizedText& out) const override;
};

/// Appends the lower case of `c` to `text`; i with a dot above for U+0130.
void append_lower(std::string& text, char32_t c);

}  // namespace enlace
