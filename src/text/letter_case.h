// The lower and the upper case of a text.
#pragma once

#include <string>
#include <string_view>

namespace enlace {

/// Makes `out` the full lower case of `text` (Unicode 17, section 3.13: a capital sigma at the end
/// of a word is ς, U+0130 is i with a dot above), in no language in particular: what Python's
/// str.lower() gives. Nothing else changes. Text that is not UTF-8 gives an unspecified result, but
/// is safe. `out` is replaced, keeps its capacity, and must not hold `text`.
void lower_case(std::string_view text, std::string& out);

/// Makes `out` `text` with each character in its simple upper case (Unicode 15, UnicodeData.txt:
/// one character for one, so ß stays). As above otherwise.
void upper_case(std::string_view text, std::string& out);

}  // namespace enlace
