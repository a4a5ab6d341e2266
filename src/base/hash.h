// A hash of bytes that is the same on every machine, so that it may be stored in files.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <string_view>

namespace enlace {

/// 64 bits from `bytes`: eight at a time, multiplied and mixed as in MurmurHash64A (Appleby 2008).
/// Not for adversaries who must not find collisions; callers compare the strings themselves.
inline std::uint64_t hash_bytes(std::string_view bytes) noexcept {
  constexpr std::uint64_t kMultiplier = 0xC6A4A7935BD1E995U;
  const auto mixed = [](std::uint64_t word) {
    word *= kMultiplier;
    word ^= word >> 47;
    return word * kMultiplier;
  };
  std::uint64_t hash = 0x9E3779B97F4A7C15U ^ (bytes.size() * kMultiplier);
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t size = bytes.size() < sizeof word ? bytes.size() : sizeof word;
    std::memcpy(&word, bytes.data(), size);
    hash = (hash ^ mixed(word)) * kMultiplier;
    bytes.remove_prefix(size);
  }
  hash ^= hash >> 47;
  hash *= kMultiplier;
  return hash ^ hash >> 47;
}

/// Lets a map of std::string be searched by std::string_view without a copy.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return hash_bytes(text); }
};

}  // namespace enlace
