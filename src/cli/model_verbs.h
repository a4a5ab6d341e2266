// The verbs of `enlace model`, each adding itself to the group.
#pragma once

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

namespace enlace::cli {

void add_model_prune(CLI::App& group);
void add_model_quantise(CLI::App& group);
void add_model_blend(CLI::App& group);
void add_model_card(CLI::App& group);

/// Throws Error(kInvalidArgument) if there is something at `path`: a model is not written over.
void require_new_path(const std::filesystem::path& path);

}  // namespace enlace::cli
