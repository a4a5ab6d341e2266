// What this machine can do, for people.
#pragma once

namespace enlace::cli {

/// Prints the kernels that run here, their measured speed and the precisions that they prefer.
/// Measures for a second or two.
void print_machine();

}  // namespace enlace::cli
