// The semantic tag at the end of a fully specified name of SNOMED CT.
#pragma once

#include <string_view>

namespace enlace {

/// "Asthma (disorder)" taken apart; views into what was taken apart.
struct TaggedName {
  std::string_view name;  // "Asthma"
  std::string_view tag;   // "disorder"; empty if there is none, or none that says a type
};

/// The name without its last parenthesised group, which may hold further ones and must not be all
/// there is. A group with anything but letters, blanks, commas, slashes and hyphens is taken off
/// and says no type: "SNOMED CT Concept (SNOMED RT+CTV3)". Requires a name without blanks at its
/// ends.
TaggedName split_semantic_tag(std::string_view name) noexcept;

}  // namespace enlace
