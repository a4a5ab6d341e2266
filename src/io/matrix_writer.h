// A matrix of floats written to a file row by row, as .npy or as safetensors.
//
// Both formats say the shape in front of the rows. The header is given a fixed size, written with
// no rows first and with their number at the end.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include "io/publish.h"

namespace enlace {

/// kNpy: version 1.0, <f4, row-major, as numpy.save writes it (numpy.lib.format, NEP 1).
/// kSafetensors: one F32 tensor called kMatrixTensor (format: nn/safetensors.h).
enum class MatrixFormat { kNpy, kSafetensors };

inline constexpr std::string_view kMatrixTensor = "embeddings";

/// Writes a (rows, columns) matrix; how many rows is known at the end only.
/// The file appears under its name with finish(); before, and without it, nothing is there.
class MatrixWriter {
 public:
  /// Requires columns > 0.
  /// Throws Error: kInvalidArgument if `path` is there and is no file, kNotFound if its directory
  /// does not exist, else kIo.
  MatrixWriter(const std::filesystem::path& path, MatrixFormat format, std::size_t columns);

  /// Adds values.size() / columns rows. Requires whole rows. Throws Error(kIo).
  void append(std::span<const float> values);

  /// Writes the header and publishes the file. Throws Error(kIo).
  void finish();

 private:
  void write_header();

  FilePublication file_;
  MatrixFormat format_;
  std::size_t columns_;
  std::size_t rows_ = 0;
};

}  // namespace enlace
