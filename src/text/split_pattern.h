// The patterns at which published tokenizers split a text, each matched by hand: a regular
// expression from a file is recognised, never run.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace enlace {

/// What a pre-tokenizer looks for.
enum class PatternKind {
  kLiteral,        // a string
  kWhiteSpace,     // \s+
  kWordsAndMarks,  // \w+|[^\w\s]+
  kPunctuation,    // one character, as BERT's tokenizer has it
  kDigit,          // one character of category N*
  kDigits,         // a run of them
  kGpt2,           // Radford et al. 2019: contractions, words, numbers, symbols, white space
  kQwen2,          // the same, with line ends apart and every digit alone
  kLlama3,         // the same, with line ends apart and digits in threes
};

struct SplitPattern {
  PatternKind kind;
  std::string literal = {};  // not empty if kLiteral
};

/// The pattern that the regular expression `regex` is, if it is one that published tokenizers use.
std::optional<PatternKind> known_pattern(std::string_view regex) noexcept;

/// The size of the match of `pattern` that begins at text[at], 0 if there is none. Requires
/// at < text.size(). Linear in the match.
std::size_t match_at(const SplitPattern& pattern, std::string_view text, std::size_t at) noexcept;

}  // namespace enlace
