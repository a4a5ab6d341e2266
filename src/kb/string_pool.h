// Strings numbered in the order they are first seen, each kept once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "kb/tagged_slots.h"

namespace enlace {

/// Gives equal strings equal ids, 0, 1, 2, … All bytes lie in one block: about 22 bytes of memory
/// per string beside its own.
class StringPool {
 public:
  /// The id of `text`, which is added if it is new.
  /// Throws Error(kUnsupported) beyond 2^32 - 2 strings.
  std::uint32_t intern(std::string_view text) { return intern(text, hash_of(text)); }

  /// The same in steps: of many strings, first all hashes are taken and the places they lead to are
  /// fetched, then the strings that they may be equal to, then all are interned, so that the waits
  /// for memory overlap.
  static std::uint32_t hash_of(std::string_view text) noexcept {
    return std::uint32_t(hash_bytes(text) >> 32);
  }
  void prefetch(std::uint32_t hash) const noexcept { slots_.prefetch(hash); }
  /// The id + 1 of the string that is most likely equal, or 0.
  std::uint32_t alike(std::uint32_t hash) const noexcept { return slots_.alike(hash); }
  std::uint32_t intern(std::string_view text, std::uint32_t hash);

  /// The id of `text`, if it is here.
  std::optional<std::uint32_t> find(std::string_view text) const noexcept;

  /// String number `id`; valid until the next intern(). Requires id < size().
  std::string_view operator[](std::uint32_t id) const noexcept {
    return {bytes_.data() + starts_[id], std::size_t(starts_[id + 1] - starts_[id])};
  }

  /// Asks memory for where string `id` begins, or, some time later, for its bytes.
  void ask_where(std::uint32_t id) const noexcept { __builtin_prefetch(starts_.data() + id); }
  void ask(std::uint32_t id) const noexcept {
    __builtin_prefetch(bytes_.data() + starts_[id]);
    __builtin_prefetch(bytes_.data() + starts_[id] + 64);
  }

  std::uint32_t size() const noexcept { return std::uint32_t(starts_.size() - 1); }

 private:
  std::string bytes_;
  std::vector<std::uint64_t> starts_{0};
  TaggedSlots slots_;
};

/// The ids of `pool` in the byte order of their strings.
std::vector<std::uint32_t> sorted_ids(const StringPool& pool);

}  // namespace enlace
