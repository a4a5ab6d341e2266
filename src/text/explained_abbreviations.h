// Short forms that a text explains where it first uses them.
#pragma once

#include <string_view>
#include <vector>

#include "text/abbreviations.h"
#include "text/span.h"

namespace enlace {

/// A short form beside its long form, one of the two in round brackets.
struct Explanation {
  Span short_form, long_form;
  Span bracket;      // with its brackets
  Span remark;       // what else is in it: ", estadio 4"
  bool by_initials;  // whether each letter of the short form begins a word of the long one

  /// Whether the short form is the one in brackets.
  bool short_inside() const noexcept { return short_form.begin > bracket.begin; }
};

/// The explanations in `text`, in order: "hipertensión arterial (HTA)", and the other way round,
/// "HTA (hipertensión arterial)". By the algorithm of Schwartz and Hearst 2003 (A simple algorithm
/// for identifying abbreviation definitions in biomedical text): each letter of the short form is
/// found in the long form, from the end to the beginning, the first at the beginning of a word.
/// Beyond it, letters match without case or diacritics, half of the letters of a short form are
/// capitals and it is no Roman numeral up to "XXX", and a long form stays in its clause.
/// Cost: linear in the text.
std::vector<Explanation> find_explanations(std::string_view text);

/// The short forms that `text` explains. Those of `known` only in brackets and by their initials:
/// neither "cardiopatía hipertensiva (HTA)" nor "HTA (hace tres años)" says what HTA is.
Abbreviations explained_abbreviations(std::string_view text, const Abbreviations& known);

/// Whether a word is made of I, V and X alone.
bool is_roman_numeral(std::string_view word);

}  // namespace enlace
