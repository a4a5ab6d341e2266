// What comes with the program: a model and a thesaurus.
//
// Each is in models/ above the folder of this program, as in a clone, or in share/enlace/models/
// beside it, as where it is installed.
#pragma once

#include <filesystem>
#include <optional>

namespace enlace::cli {

/// The folder of enlace-mini. Throws Error(kNotFound) if it is in neither place.
std::filesystem::path default_model();

/// The packed thesaurus (link/packed_thesaurus.h) that hybrid asks; nothing if it is in neither
/// place, since hybrid works without.
std::optional<std::filesystem::path> default_thesaurus();

}  // namespace enlace::cli
