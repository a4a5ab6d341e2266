// A set of byte strings with numbers, for finding all of them that begin at a place in a text.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace enlace {

/// A double-array trie (Aoe 1989, IEEE Trans. Softw. Eng. 15(9)), with the exclusive-or addressing
/// of Yata's Darts-clone: the child of a node by byte b is the unit base ^ b, if that unit's label
/// is b. No two nodes share a base, so the label alone tells whose child a unit is.
///
/// One step is one load of 8 bytes: a State is a copy of the unit.
///   Trie::State state = trie.root();
///   for (const char byte : text) {
///     if (!trie.step(state, byte)) break;
///     if (Trie::has_value(state)) use(Trie::value(state));
///   }
class Trie {
 public:
  using State = std::uint64_t;  // base: bits 0-23, value: 24-47, label: 48-63

  static constexpr std::size_t kMaxKeySize = 1024;  // bounds the steps at each place of a text
  static constexpr std::int32_t kMaxValue = 0xFFFFFE;

  Trie() : Trie({}, {}) {}

  /// `values[i]` belongs to `keys[i]`; of equal keys the last counts. An empty key is ignored.
  /// Throws Error(kUnsupported) if a key is longer than kMaxKeySize, a value is negative or beyond
  /// kMaxValue, or the trie would need more than 2^24 units (128 MB).
  Trie(std::span<const std::string_view> keys, std::span<const std::int32_t> values);

  /// Key i has the value i.
  static Trie of_places(std::span<const std::string_view> keys);

  State root() const noexcept { return root_; }

  /// Goes from `state` to its child by `byte`. False if there is none: `state` is then of no use.
  bool step(State& state, char byte) const noexcept {
    const auto label = static_cast<unsigned char>(byte);
    state = units_[(state & kBaseMask) ^ label];
    return state >> kLabelShift == label;
  }

  static bool has_value(State state) noexcept {
    return (state >> kValueShift & kBaseMask) != kNoValue;
  }
  static std::int32_t value(State state) noexcept {
    return static_cast<std::int32_t>(state >> kValueShift & kBaseMask);
  }

  /// The value of `key`, or -1.
  std::int32_t find(std::string_view key) const noexcept;

 private:
  class Builder;

  static constexpr State kBaseMask = 0xFFFFFF;
  static constexpr State kNoValue = 0xFFFFFF;
  static constexpr unsigned kValueShift = 24;
  static constexpr unsigned kLabelShift = 48;

  std::vector<State> units_;  // the first 256 are never used: a leaf has base 0
  State root_ = 0;
};

}  // namespace enlace
