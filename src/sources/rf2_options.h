// What a source of the kind rf2 is told to take.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sources/source_spec.h"

namespace enlace {

/// The options of the kind rf2 beside those of Rf2Choice.
struct Rf2Options {
  std::vector<std::string> languages;  // ranges; empty: all
  std::vector<std::uint64_t> refsets;  // language reference sets, the first decides; empty: all
  std::vector<std::uint64_t> associations;  // reference sets, the first decides
  bool inactive = false;                    // take inactive concepts, too
  bool definitions = true;
  bool maps = false;

  /// Whether names in `language` are wanted.
  bool wants(std::string_view language) const;
};

/// Throws Error(kInvalidArgument) for a value.
Rf2Options rf2_options(const SourceSpec& spec);

/// Language reference sets in the order in which they decide if nobody says: those of the
/// well-known dialects, then the others by number.
std::vector<std::uint64_t> in_order_of_preference(std::vector<std::uint64_t> refsets);

}  // namespace enlace
