// The matching form of a text: what two spellings of one name have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/fold.h"
#include "text/language_tables.h"
#include "text/span.h"

namespace enlace {

/// A normalised text and where each of its bytes comes from.
///
/// origins[i] spans the bytes of the original that gave byte i: a code point with the marks after
/// it that were dropped, or a run of white space. "Á  ß" has the text "a ss" and the origins
/// {0,2} {2,4} {4,6} {4,6}.
struct NormalizedText {
  std::string text;
  std::vector<Span> origins;

  /// The span of the original that gave bytes [begin, end). Requires begin < end <= text.size().
  Span original(std::size_t begin, std::size_t end) const {
    return {origins[begin].begin, origins[end - 1].end};
  }
};

/// Turns texts into three forms, each coarser than the one before:
///
/// * normalised: lower case, NFKD, no combining marks, white space as single spaces, trimmed;
///   then letters that do not decompose are respelt (language_tables.h);
/// * match key: of the normalised form only letters, numbers and mathematical symbols (+ < > = ≤),
///   '%', and the '.' or ',' between two digits (as '.'); an English genitive "'s" is dropped, and
///   everything else, hyphens, slashes and apostrophes among it, separates words like a space;
/// * stem key: the match key, each word without its inflection.
///
/// Two names with one key are taken to be spellings of one name. A key may be empty ("???").
/// Input should be UTF-8; anything else gives an unspecified result, but is safe.
/// Const use is thread-safe. The strings written are replaced, and their capacity is kept.
class Normalizer {
 public:
  /// The reference form, without letters respelt and without endings: normalize() equals Python's
  /// " ".join("".join(c for c in normalize("NFKD", s.lower()) if not combining(c)).split()).
  static Normalizer plain();

  /// For texts in `language`, a BCP 47 tag; the rules for all languages if it is empty or has no
  /// table. Cost: under 2 ms and 200 KB; make one per language, not one per text.
  explicit Normalizer(std::string_view language);

  void normalize(std::string_view text, std::string& out) const;
  NormalizedText normalize_with_origins(std::string_view text) const;
  void match_key(std::string_view text, std::string& out) const;
  void stem_key(std::string_view text, std::string& out) const;

  /// The stem of one word of a match key, in place.
  void stem(std::string& word) const;

 private:
  Normalizer() = default;

  template <class Sink>
  void fold_into(std::string_view text, Sink& sink) const;

  FoldTable letters_;
  std::span<const SuffixRule> endings_;
};

}  // namespace enlace
