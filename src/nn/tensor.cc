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

/// Values of a block of I4.
void read_block(const Tensor& tensor, std::size_t block, float* out) noexcept {
  std::uint16_t half;
  std::memcpy(&half, &tensor.scales[block * sizeof half], sizeof half);
  const float scale = from_half(half);
  const std::byte* pairs = &tensor.bytes[block * (kI4Block / 2)];
  for (std::size_t j = 0; j < kI4Block / 2; ++j) {
    const int pair = std::to_integer<int>(pairs[j]);
    out[j] = scale * float((pair & 15) - 8);
    out[j + kI4Block / 2] = scale * float((pair >> 4) - 8);
  }
}

/// Values of an I4 tensor.
void read_blocks(const Tensor& tensor, std::size_t first, std::span<float> out) noexcept {
  for (std::size_t i = 0; i < out.size();) {
    const std::size_t block = (first + i) / kI4Block;
    const std::size_t skipped = (first + i) % kI4Block;
    const std::size_t count = std::min(kI4Block - skipped, out.size() - i);
    if (count == kI4Block) {
      read_block(tensor, block, &out[i]);
    } else {
      std::array<float, kI4Block> whole;
      read_block(tensor, block, whole.data());
      std::copy_n(&whole[skipped], count, &out[i]);
    }
    i += count;
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
  assert(tensor.type != TensorType::kOther && tensor.type != TensorType::kU8);
  if (tensor.type == TensorType::kI4) return read_blocks(tensor, first, out);
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

void prefetch_row(const Tensor& tensor, std::size_t row) noexcept {
  constexpr std::size_t kCacheLine = 64;
  const std::size_t size = tensor.bytes.size() / tensor.shape.front();
  const std::byte* from = tensor.bytes.data() + row * size;
  for (std::size_t at = 0; at < size; at += kCacheLine) __builtin_prefetch(from + at);
}

void check_values(const Tensor& tensor, std::string_view where) {
  if (tensor.type == TensorType::kOther) {
    throw Error(ErrorKind::kUnsupported,
                "{}: tensor {}: expected F32, F16, BF16, I8 or U8, found another", where,
                tensor.name);
  }
  const bool scaled = tensor.type == TensorType::kI8 || tensor.type == TensorType::kU8;
  if (scaled && tensor.scales.empty()) {
    throw Error(ErrorKind::kUnsupported, "{}: tensor {}: expected {}_scale beside {}, found none",
                where, tensor.name, tensor.name, name_of(tensor.type));
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

ScalesForm scales_form(const Tensor& tensor) {
  if (tensor.type == TensorType::kI4) {
    return {TensorType::kF16, {tensor.shape.front(), tensor.shape.back() / kI4Block}};
  }
  return {TensorType::kF32, {tensor.shape.empty() ? 0 : tensor.shape.front()}};
}

std::uint16_t to_half(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000U;
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U) return std::uint16_t(sign | 0x7E00U);   // not a number
  if (magnitude >= 0x477FF000U) return std::uint16_t(sign | 0x7C00U);  // 65520 and above
  if (magnitude < 0x38800000U) {  // below 2^-14: a multiple of 2^-24, rounded by the addition
    const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
    return std::uint16_t(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000U));
  }
  const std::uint32_t odd = magnitude >> 13 & 1U;
  return std::uint16_t(sign | (magnitude - 0x38000000U + 0xFFFU + odd) >> 13);
}

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

std::size_t width_of(TensorType type) noexcept {
  assert(type != TensorType::kOther && type != TensorType::kI4);
  switch (type) {
    case TensorType::kF32: return 4;
    case TensorType::kI8:
    case TensorType::kU8: return 1;
    default: return 2;
  }
}

std::string_view name_of(TensorType type) noexcept {
  switch (type) {
    case TensorType::kF32: return "F32";
    case TensorType::kF16: return "F16";
    case TensorType::kBf16: return "BF16";
    case TensorType::kI8: return "I8";
    case TensorType::kI4: return "I4";
    case TensorType::kU8: return "U8";
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
