// The weights of terms (index/ngram_index.h): shared by the writer of an index and its reader.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace enlace {

inline constexpr float kMostLog = 64;  // more than the logarithm of any count, with 1 added

/// The idf of a term that `df` of `n` strings have.
inline float idf_of(std::uint64_t n, std::uint32_t df) noexcept {
  return static_cast<float>(1 + std::log((1 + double(n)) / (1 + double(df))));
}

/// ln count, which is mostly of a small one.
inline double log_of(std::uint32_t count) noexcept {
  static const std::array<double, 16> known = [] {
    std::array<double, 16> logs{};
    for (std::size_t i = 1; i < logs.size(); ++i) logs[i] = std::log(double(i));
    return logs;
  }();
  return count - 1 < known.size() - 1 ? known[count] : std::log(double(count));
}

/// ln count: what the repetitions of a term add to its weight, as a multiple of it.
inline float gain_of(std::uint32_t count) noexcept {
  return static_cast<float>(log_of(count));
}

/// weight x gain in whole units. Requires 0 <= gain <= kMostLog.
inline std::int32_t gained(std::int32_t weight, float gain) noexcept {
  return static_cast<std::int32_t>(static_cast<std::int64_t>(double(weight) * double(gain)));
}

}  // namespace enlace
