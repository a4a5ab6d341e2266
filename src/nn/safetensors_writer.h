// Writing files of the safetensors format (nn/safetensors.h) that every reader of it takes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "nn/tensor.h"

namespace enlace {

/// A tensor that is to be written.
struct NewTensor {
  /// Writes rows [first, first + n) of the tensor, whole rows of its first extent, into `out`,
  /// n rows wide and little-endian.
  using Fill = std::function<void(std::size_t first, std::span<std::byte> out)>;

  std::string name;
  TensorType type = TensorType::kF32;
  std::vector<std::size_t> shape;    // empty: one value
  std::span<const std::byte> bytes;  // all of it, row-major; not looked at if there is `fill`
  Fill fill;                         // asked for some rows at a time, in order
};

/// `tensor` as it stands, under `name`, I4 as the U8 that it lies in; if it has scales, followed by
/// these under `name`_scale.
/// Borrows its bytes.
std::vector<NewTensor> copies_of(const Tensor& tensor, const std::string& name);

/// Makes `path` a file with `tensors`, published as publish_file (io/publish.h) does.
///
/// The widest numbers come first, equal widths by rising name, so that all are aligned; the header
/// is padded with spaces to a multiple of 8 and holds "__metadata__": {"format": "pt"}. Equal
/// tensors give equal bytes, in whatever order. Of a tensor with `fill` a megabyte or one row is in
/// memory at a time.
/// Requires types other than kI4 and kOther, and names that differ. Throws as publish_file does,
/// and whatever a `fill` throws: nothing is then left behind.
void write_safetensors(const std::filesystem::path& path, std::vector<NewTensor> tensors);

}  // namespace enlace
