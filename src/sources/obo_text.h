// The small syntax inside an OBO line: escapes, quotes, trailing qualifiers and comments.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enlace {

/// The text of a plain value: without a trailing `! comment` and `{qualifier="…"}`, escapes
/// resolved (`\n` a line feed, `\t` a tab, `\W` a blank, `\x` otherwise x).
std::string obo_text(std::string_view value);

/// The identifier a value begins with: up to the first blank that is not escaped.
std::string obo_identifier(std::string_view value);

/// `"text" SCOPE …` taken apart.
struct OboSynonym {
  std::string text;        // escapes resolved
  std::string_view scope;  // the word after the text; empty if there is only a list
};

/// Nothing if `value` does not begin with a quote or the quote is not closed.
std::optional<OboSynonym> parse_obo_synonym(std::string_view value);

/// `xref` without the date of a release in its prefix: `SNOMEDCT_US_2015_03_01:1` is
/// `SNOMEDCT_US:1`.
std::string without_release(std::string xref);

}  // namespace enlace
