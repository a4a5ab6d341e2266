// Tables of how much of a knowledge base carries each value of a property.
#pragma once

#include <string_view>

#include "kb/knowledge_base.h"

namespace enlace::cli {

/// Prints a line per value: the value, its names, its concepts. Under an empty line and `title`.
void print_tallies(std::string_view title, const ValueTable& table);

}  // namespace enlace::cli
