// The matching form of a text: what two spellings of one name have in common.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "text/fold.h"
#include "text/language_tables.h"
#include "text/normalized_text.h"

namespace enlace {

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
/// The origins of a normalised text are code points with the marks after them that were dropped, or
/// runs of white space.
///
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
  /// The same text, made byte by byte: the definition of normalize().
  NormalizedText normalize_with_origins(std::string_view text) const;
  void match_key(std::string_view text, std::string& out) const;
  void stem_key(std::string_view text, std::string& out) const;

  /// The stem of one word of a match key, in place.
  void stem(std::string& word) const;

 private:
  Normalizer(const FoldTable& letters, std::span<const SuffixRule> endings);

  bool match_ascii(std::string_view text, std::string& out) const;
  std::string_view fold_at(std::string_view text, std::size_t at, CodePoint next,
                           std::string& buffer) const;

  FoldTable letters_;
  std::span<const SuffixRule> endings_;
  std::array<char, 0x80> ascii_in_key_;  // what each is in a match key; 0: by its neighbours
};

}  // namespace enlace
