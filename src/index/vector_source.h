// Matrices of floats that other programs wrote, to be made an index of.
//
// .npy (numpy.lib.format, NEP 1; versions 1.0 to 3.0): two dimensions, <f4, C order.
// FAISS flat index of inner products (index_write.cpp of FAISS; little-endian, no padding):
//
//   size  field
//      4  "IxFI"
//      4  d
//      8  n
//     16  unused
//      1  trained
//      4  metric: 0, inner product
//      8  n d
//   4 n d  values, f32
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "index/flat_index.h"
#include "io/mapped_file.h"

namespace enlace {

/// An open file of one of these formats, told by its first bytes. Const is thread-safe.
class VectorSource {
 public:
  /// Throws Error: kUnsupported for another format, type, byte order, order of values, number of
  /// dimensions or metric, and says which; kCorrupt if the file has not the size it claims; else as
  /// MappedFile does.
  static VectorSource open(const std::filesystem::path& path);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t columns() const noexcept { return columns_; }
  const std::string& name() const noexcept { return name_; }

  /// Copies rows [first, first + count) to `to`, (count, columns).
  /// Throws Error(kCorrupt) if one of them is not finite, and says which.
  void read(std::size_t first, std::size_t count, std::span<float> to) const;

 private:
  VectorSource(MappedFile file, std::string name) noexcept
      : file_(std::move(file)), name_(std::move(name)) {}
  void take_values(std::size_t offset);

  MappedFile file_;
  std::string name_;
  std::span<const std::byte> values_;  // not aligned
  std::size_t rows_ = 0, columns_ = 0;
};

/// Appends all rows of `source`. Throws Error as both do.
void append_all(const VectorSource& source, FlatIndexWriter& writer);

/// Writes the rows of `index` at `path` as a FAISS flat index of inner products, in one step.
/// Throws Error: kInvalidArgument, kNotFound, kIo.
void write_faiss_flat(const std::filesystem::path& path, const FlatIndex& index);

}  // namespace enlace
