// Named tensors in somebody else's bytes, and their values as floats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enlace {

/// Types of numbers that this engine computes with; the rest are only measured. U8 is how a file
/// stores the pairs of I4.
enum class TensorType { kF32, kF16, kBf16, kI8, kI4, kU8, kOther };

/// Values of a row of I4 that share a scale.
inline constexpr std::size_t kI4Block = 32;

/// A tensor in somebody else's bytes, at any alignment, row-major.
///
/// One of I8 stands for floats only together with its scales: row r, of its first extent, is
/// scales[r] times its bytes (nn/checkpoint.h says where they come from). So does one of I4, whose
/// rows are blocks of kI4Block values: byte j of a block has value j in its lower half and value
/// j + 16 in its upper one, and a half v stands for (v - 8) times the block's scale. That is Q4_0
/// of ggml, with the scales elsewhere.
struct Tensor {
  std::string name;  // as the file has it
  TensorType type;
  std::vector<std::size_t> shape;  // empty: one value
  std::span<const std::byte> bytes;

  /// Of I8 a float for each row, of I4 an F16 for each block; empty: there are none.
  std::span<const std::byte> scales{};

  std::size_t count() const noexcept;  // the product of the shape
};

/// The tensors of one file, by rising name. Borrows the bytes it was parsed from.
struct TensorFile {
  std::vector<Tensor> tensors;

  /// Null if there is none of that name.
  const Tensor* find(std::string_view name) const noexcept;
};

/// Values [first, first + out.size()) of `tensor` as floats, finite or not.
/// Requires a type other than kU8 and kOther, scales if it is kI8 or kI4, and the range inside the
/// tensor.
void read_values(const Tensor& tensor, std::size_t first, std::span<float> out) noexcept;

/// Asks memory for row `row` of `tensor`, of its first extent, which will be read soon.
void prefetch_row(const Tensor& tensor, std::size_t row) noexcept;

/// All values of `tensor`. `where` opens every message. Throws Error: kUnsupported if its type is
/// kU8 or kOther or it has no scales, kCorrupt if a value is infinite or not a number: formats
/// allow them, weights do not.
std::vector<float> load_values(const Tensor& tensor, std::string_view where);

/// The two complaints of load_values, without the values.
void check_values(const Tensor& tensor, std::string_view where);

/// `value` as the nearest F16, ties to even; infinite where it is too large.
std::uint16_t to_half(float value) noexcept;

/// The value of an F16.
float from_half(std::uint16_t half) noexcept;

/// What the scales of a tensor of I8 or I4 look like.
struct ScalesForm {
  TensorType type;
  std::vector<std::size_t> shape;
};

/// Requires I8 or, of two extents, I4.
ScalesForm scales_form(const Tensor& tensor);

/// Bytes of one number. Requires a type other than kI4 and kOther.
std::size_t width_of(TensorType type) noexcept;

/// "F32", "F16", "BF16", "I8", "I4", "U8" or "another type".
std::string_view name_of(TensorType type) noexcept;

/// "[3, 384]", for messages.
std::string shape_text(std::span<const std::size_t> shape);

/// How many bytes `shape` takes in numbers of `bits` each. Throws Error(kCorrupt), opened by
/// `context`, if they cannot be counted or are no whole bytes.
std::size_t bytes_of_shape(std::span<const std::size_t> shape, std::size_t bits,
                           std::string_view context);

}  // namespace enlace
