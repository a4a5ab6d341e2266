// Seeded random numbers that are the same on every machine and in every build.
#pragma once

#include <cstdint>

namespace enlace {

/// SplitMix64 (Steele, Lea and Flood 2014, OOPSLA). Cheap, seedable with any value.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
  }

  /// Uniform in [0, bound), by Lemire's multiplication; the bias is below bound / 2^64.
  std::uint64_t below(std::uint64_t bound) noexcept {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(Wide(next()) * bound >> 64);
  }

  /// Uniform in [0, 1).
  double unit() noexcept { return double(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace enlace
