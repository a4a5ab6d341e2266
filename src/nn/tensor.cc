#include "nn/tensor.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "base/error.h"

namespace enlace {
namespace {

float from_half(std::uint16_t half) noexcept {
  const std::uint32_t sign = (half & 0x8000U) << 16;
  const std::uint32_t exponent = half >> 10 & 0x1FU;
  const std::uint32_t fraction = half & 0x3FFU;
  if (exponent == 0) {  // zero or subnormal: fraction / 2^24
    const float value = float(fraction) * 0x1p-24F;
    return sign != 0 ? -value : value;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 127 - 15;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

/// Values of an I8 tensor.
void read_bytes(const Tensor& tensor, std::size_t first, std::span<float> out) noexcept {
  if (out.empty()) return;
  const std::size_t width = tensor.count() / tensor.shape.front();
  const auto* bytes = reinterpret_cast<const std::int8_t*>(tensor.bytes.data());
  for (std::size_t i = 0; i < out.size();) {
    const std::size_t row = (first + i) / width;
    const std::size_t end = std::min(out.size(), (row + 1) * width - first);
    float scale;
    std::memcpy(&scale, &tensor.scales[row * sizeof scale], sizeof scale);
    for (; i < end; ++i) out[i] = scale * float(bytes[first + i]);
  }
}

}  // namespace

std::size_t Tensor::count() const noexcept {
  std::size_t product = 1;
  for (const std::size_t extent : shape) product *= extent;
  return product;
}

const Tensor* TensorFile::find(std::string_view name) const noexcept {
  const auto at = std::lower_bound(tensors.begin(), tensors.end(), name,
                                   [](const Tensor& t, std::string_view n) { return t.name < n; });
  return at != tensors.end() && at->name == name ? &*at : nullptr;
}

void read_values(const Tensor& tensor, std::size_t first, std::span<float> out) noexcept {
  assert(tensor.type != TensorType::kOther);
  if (tensor.type == TensorType::kI8) return read_bytes(tensor, first, out);
  const std::byte* from = tensor.bytes.data() + first * width_of(tensor.type);
  if (tensor.type == TensorType::kF32) {
    if (!out.empty()) std::memcpy(out.data(), from, out.size_bytes());
    return;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint16_t half;
    std::memcpy(&half, from + 2 * i, sizeof half);
    out[i] = tensor.type == TensorType::kF16 ? from_half(half)
                                             : std::bit_cast<float>(std::uint32_t(half) << 16);
  }
}

void check_values(const Tensor& tensor, std::string_view where) {
  if (tensor.type == TensorType::kOther) {
    throw Error(ErrorKind::kUnsupported,
                "{}: tensor {}: expected F32, F16, BF16 or I8, found another", where, tensor.name);
  }
  if (tensor.type == TensorType::kI8 && tensor.scales.empty()) {
    throw Error(ErrorKind::kUnsupported, "{}: tensor {}: expected {}_scale beside I8, found none",
                where, tensor.name, tensor.name);
  }
  std::array<float, 4096> values;
  for (std::size_t first = 0; first < tensor.count(); first += values.size()) {
    const auto part = std::span(values).first(std::min(values.size(), tensor.count() - first));
    read_values(tensor, first, part);
    std::uint32_t largest =
        0;  // magnitude, as bits: those of infinity and NaN are beyond all others
    for (const float value : part) {
      largest = std::max(largest, std::bit_cast<std::uint32_t>(value) & 0x7FFFFFFFU);
    }
    if (largest < 0x7F800000U) continue;
    const auto bad = std::find_if_not(part.begin(), part.end(),
                                      [](float value) { return std::isfinite(value); });
    throw Error(ErrorKind::kCorrupt, "{}: tensor {}: expected finite values, found another at {}",
                where, tensor.name, first + static_cast<std::size_t>(bad - part.begin()));
  }
}

std::vector<float> load_values(const Tensor& tensor, std::string_view where) {
  check_values(tensor, where);
  std::vector<float> values(tensor.count());
  read_values(tensor, 0, values);
  return values;
}

std::string shape_text(std::span<const std::size_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

std::size_t width_of(TensorType type) noexcept {
  assert(type != TensorType::kOther);
  return type == TensorType::kF32 ? 4 : type == TensorType::kI8 ? 1 : 2;
}

std::string_view name_of(TensorType type) noexcept {
  switch (type) {
    case TensorType::kF32: return "F32";
    case TensorType::kF16: return "F16";
    case TensorType::kBf16: return "BF16";
    case TensorType::kI8: return "I8";
    case TensorType::kOther: break;
  }
  return "another type";
}

std::size_t bytes_of_shape(std::span<const std::size_t> shape, std::size_t bits,
                           std::string_view context) {
  std::size_t total = bits;
  bool overflow = false;
  for (const std::size_t extent : shape) overflow |= __builtin_mul_overflow(total, extent, &total);
  if (overflow || total % 8 != 0) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a shape that takes whole bytes, found {}",
                context, shape_text(shape));
  }
  return total / 8;
}

}  // namespace enlace
