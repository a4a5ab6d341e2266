// The safetensors format: named tensors in one file.
//
// | offset | size | field                                                        |
// |      0 |    8 | N, the length of the header, little-endian                   |
// |      8 |    N | JSON: {name: {"dtype", "shape", "data_offsets": [begin, end]}} |
// |  8 + N |      | the tensors, row-major, without holes; offsets count from here |
//
// The header may also hold "__metadata__", an object of strings, which is not kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enlace {

/// Types of the format that this engine computes with; the rest are only measured.
enum class TensorType { kF32, kF16, kBf16, kOther };

/// A tensor in somebody else's bytes, at any alignment.
struct Tensor {
  std::string name;
  TensorType type;
  std::vector<std::size_t> shape;  // empty: one value
  std::span<const std::byte> bytes;

  std::size_t count() const noexcept;  // the product of the shape
};

/// The tensors of one file, by rising name. Borrows the bytes it was parsed from.
struct Safetensors {
  std::vector<Tensor> tensors;

  /// Null if there is none of that name.
  const Tensor* find(std::string_view name) const noexcept;
};

/// Parses a whole file. Nothing is allocated by a size that the file only claims.
/// `where` opens every message. Throws Error: kCorrupt if the header is not as above, names a
/// tensor twice, or its tensors leave a hole, overlap or do not end with the file.
Safetensors parse_safetensors(std::span<const std::byte> file, std::string_view where);

/// Values [first, first + out.size()) of `tensor` as floats, finite or not.
/// Requires a type other than kOther, and the range inside the tensor.
void read_values(const Tensor& tensor, std::size_t first, std::span<float> out) noexcept;

/// All values of `tensor`. Throws Error: kUnsupported if its type is kOther, kCorrupt if a value
/// is infinite or not a number: the format allows them, weights do not.
std::vector<float> load_values(const Tensor& tensor, std::string_view where);

/// The two complaints of load_values, without the values.
void check_values(const Tensor& tensor, std::string_view where);

/// "[3, 384]", for messages.
std::string shape_text(std::span<const std::size_t> shape);

}  // namespace enlace
