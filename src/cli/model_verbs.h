// The verbs of `enlace model`, each adding itself to the group.
#pragma once

#include <CLI/CLI.hpp>

namespace enlace::cli {

void add_model_prune(CLI::App& group);
void add_model_quantise(CLI::App& group);
void add_model_blend(CLI::App& group);
void add_model_card(CLI::App& group);

}  // namespace enlace::cli
