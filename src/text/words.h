// Where the words of a text are.
#pragma once

#include <string_view>
#include <vector>

#include "text/span.h"

namespace enlace {

/// Appends the words of `text`, in order, to `words`. A word is a run of letters, marks and numbers
/// that does not begin with a mark; a Han, Hiragana or Katakana character, with the marks on it, is
/// a word of its own, since those scripts do not write the boundary.
/// "Dolor de 3.ª rodilla" has the words "Dolor", "de", "3", "ª", "rodilla".
void find_words(std::string_view text, std::vector<Span>& words);

}  // namespace enlace
