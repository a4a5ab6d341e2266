// Which part of a UMLS release to take.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sources/source_spec.h"

namespace enlace::rrf {

/// Words of an option; every word is welcome if there are none.
struct Choice {
  std::vector<std::string> words;

  bool limits() const noexcept { return !words.empty(); }
  bool takes(std::string_view word) const noexcept;
};

struct Options {
  Choice sources, languages, term_types, types;  // languages: canonical tags
  Choice suppress;                               // default N
  Choice hierarchies;                            // default SNOMEDCT_US
  bool any_hierarchy = false, no_hierarchy = false;
  Choice relations;              // RELA that make an is-a; default isa
  Choice retired;                // REL of MRCUI that lead to a successor; default SY
  bool codes_of_source = false;  // CODE rather than CUI
  bool trade_names = false, definitions = false;

  bool takes_hierarchy(std::string_view source) const noexcept {
    return !no_hierarchy && (any_hierarchy || hierarchies.takes(source));
  }
};

/// Throws Error(kInvalidArgument) for a value that is not one.
Options parse_options(const SourceSpec& spec);

/// The canonical tag of a language code of UMLS: "SPA" is "es"; nothing if UMLS has none such.
/// Views of constants.
std::optional<std::string_view> language_of_lat(std::string_view lat) noexcept;

}  // namespace enlace::rrf
