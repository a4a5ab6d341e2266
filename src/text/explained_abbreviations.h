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
  Span bracket;  // with its brackets
};

/// The explanations in `text`, in order: "hipertensión arterial (HTA)", and the other way round,
/// "HTA (hipertensión arterial)". By the algorithm of Schwartz and Hearst 2003 (A simple algorithm
/// for identifying abbreviation definitions in biomedical text): each letter of the short form is
/// found in the long form, from the end to the beginning, the first at the beginning of a word.
/// Beyond it, letters match without case or diacritics, half of the letters of a short form are
/// capitals, and a long form does not reach over the end of a clause.
/// Cost: linear in the text.
std::vector<Explanation> find_explanations(std::string_view text);

/// The short forms that `text` explains.
Abbreviations explained_abbreviations(std::string_view text);

}  // namespace enlace
