// Named tensors in somebody else's bytes, and their values as floats.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enlace {

/// Types of numbers that this engine computes with; the rest are only measured.
enum class TensorType { kF32, kF16, kBf16, kI8, kOther };

/// A tensor in somebody else's bytes, at any alignment, row-major.
///
/// One of I8 stands for floats only together with its scales: row r, of its first extent, is
/// scales[r] times its bytes (nn/checkpoint.h says where they come from).
struct Tensor {
  std::string name;  // as the file has it
  TensorType type;
  std::vector<std::size_t> shape;  // empty: one value
  std::span<const std::byte> bytes;
  std::span<const std::byte> scales{};  // of I8: a float for each row; empty: there are none

  std::size_t count() const noexcept;  // the product of the shape
};

/// The tensors of one file, by rising name. Borrows the bytes it was parsed from.
struct TensorFile {
  std::vector<Tensor> tensors;

  /// Null if there is none of that name.
  const Tensor* find(std::string_view name) const noexcept;
};

/// Values [first, first + out.size()) of `tensor` as floats, finite or not.
/// Requires a type other than kOther, scales if it is kI8, and the range inside the tensor.
void read_values(const Tensor& tensor, std::size_t first, std::span<float> out) noexcept;

/// All values of `tensor`. `where` opens every message. Throws Error: kUnsupported if its type is
/// kOther or it has no scales, kCorrupt if a value is infinite or not a number: formats allow them,
/// weights do not.
std::vector<float> load_values(const Tensor& tensor, std::string_view where);

/// The two complaints of load_values, without the values.
void check_values(const Tensor& tensor, std::string_view where);

/// Bytes of one number. Requires a type other than kOther.
std::size_t width_of(TensorType type) noexcept;

/// "F32", "F16", "BF16", "I8" or "another type".
std::string_view name_of(TensorType type) noexcept;

/// "[3, 384]", for messages.
std::string shape_text(std::span<const std::size_t> shape);

/// How many bytes `shape` takes in numbers of `bits` each. Throws Error(kCorrupt), opened by
/// `context`, if they cannot be counted or are no whole bytes.
std::size_t bytes_of_shape(std::span<const std::size_t> shape, std::size_t bits,
                           std::string_view context);

}  // namespace enlace
