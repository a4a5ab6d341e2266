// Matrices as .npy files, the way numpy.load reads them: version 1.0, <f4, row-major.
// Format: numpy.lib.format, NEP 1.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "io/publish.h"

namespace enlace {

/// Writes a (rows, columns) matrix row by row; how many rows is known at the end only.
/// The file appears under its name with finish(); before, and without it, nothing is there.
class NpyWriter {
 public:
  /// Throws Error: kNotFound if the directory of `path` does not exist, else kIo.
  NpyWriter(const std::filesystem::path& path, std::size_t columns);

  /// Adds values.size() / columns rows. Requires whole rows. Throws Error(kIo).
  void append(std::span<const float> values);

  /// Writes the header and publishes the file. Throws Error(kIo).
  void finish();

 private:
  FilePublication file_;
  std::size_t columns_;
  std::size_t values_ = 0;
};

/// A whole matrix in memory.
struct NpyMatrix {
  std::vector<float> values;
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// Reads a file as NpyWriter writes it.
/// Throws Error: kNotFound, kIo; kCorrupt if it is not that format or not of the size it claims.
NpyMatrix read_npy(const std::filesystem::path& path);

}  // namespace enlace
