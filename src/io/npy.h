// Matrices from .npy files: version 1.0, <f4, row-major. Format: numpy.lib.format, NEP 1.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace enlace {

/// A whole matrix in memory.
struct NpyMatrix {
  std::vector<float> values;
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// Reads a file as MatrixWriter (MatrixFormat::kNpy) writes it.
/// Throws Error: kNotFound, kIo; kCorrupt if it is not that format or not of the size it claims.
NpyMatrix read_npy(const std::filesystem::path& path);

}  // namespace enlace
