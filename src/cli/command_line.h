// A command line as it would be typed again.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace enlace::cli {

/// "enlace NAME" with what was given to the verb NAME, quoted for a shell.
std::string command_of(const CLI::App& verb);

}  // namespace enlace::cli
