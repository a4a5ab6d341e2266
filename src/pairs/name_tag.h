// The semantic tag at the end of a fully specified name of SNOMED CT.
#pragma once

#include <string_view>

namespace enlace {

/// Whether names of `source` may carry tags: SNOMED CT, its extensions and translations, by the
/// names that UMLS ("SNOMEDCT_US", "SCTSPA") and others ("SNOMED CT") use, in any case.
bool has_name_tags(std::string_view source) noexcept;

/// `text` without its last group in parentheses and the blanks before it: "asthma" of
/// "asthma (disorder)". The whole text if it does not end with such a group, if the group is empty
/// or holds another parenthesis, or if nothing stands before it.
std::string_view without_name_tag(std::string_view text) noexcept;

}  // namespace enlace
