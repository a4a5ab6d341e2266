// What to do about a file that another version of enlace wrote.
#pragma once

#include <string>
#include <string_view>

namespace enlace {

/// What a file is: "vectors3" is the third layout of "vectors". A kind without a number is the
/// first.
struct VersionedKind {
  std::string_view name;  // borrows from the kind
  unsigned version;
};
VersionedKind versioned(std::string_view kind) noexcept;

/// "build it again with `enlace build`, …": what whoever has an older file of the kind `name` runs,
/// to stand in a message after what was found. Of a kind that no command makes, only "make it
/// again".
std::string how_to_make_again(std::string_view name);

/// The same, or that enlace is to be upgraded if the file is newer than what this version reads.
std::string remedy(std::string_view name, bool newer);

}  // namespace enlace
