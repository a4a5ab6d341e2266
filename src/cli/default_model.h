// The model that comes with the program.
#pragma once

#include <filesystem>

namespace enlace::cli {

/// The folder of enlace-mini: models/enlace-mini above the folder of this program, as in a clone,
/// or share/enlace/models/enlace-mini beside it, as where it is installed. Throws Error(kNotFound)
/// if it is in neither place.
std::filesystem::path default_model();

}  // namespace enlace::cli
