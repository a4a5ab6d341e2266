// The types of numbers that an encoder multiplies.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace enlace {

/// What the two sides of a matrix product are. What lies between the products has at least that
/// precision (docs/KERNELS.md says what each tier takes).
enum class Precision : std::uint8_t {
  kF32,
  kBf16,  // both sides rounded to bf16
  kInt8,  // weights in 255 steps a row of theirs, activations in 256 a token
};

/// What vectors are computed in unless somebody asks for another: bf16 in the tiers that multiply
/// it faster than f32, int8 in the others; f32 without vectors. docs/benchmarks has what each costs
/// in accuracy and gives in speed. Thread-safe.
Precision default_precision() noexcept;

/// "f32", "bf16", "int8".
constexpr std::string_view name_of(Precision precision) noexcept {
  return precision == Precision::kF32 ? "f32" : precision == Precision::kBf16 ? "bf16" : "int8";
}

/// The precision called `name`, or nothing.
constexpr std::optional<Precision> precision_named(std::string_view name) noexcept {
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    if (name == name_of(precision)) return precision;
  }
  return std::nullopt;
}

}  // namespace enlace
