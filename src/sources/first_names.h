// Which name of a concept comes first.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "base/hash.h"

namespace enlace {

/// Remembers which code has a name in which language, as hashes: a collision, less likely than a
/// damaged disk, would make a preferred name an exact one.
class FirstNames {
 public:
  /// Whether this is the first name of `code` in `language`.
  bool add(std::string_view code, std::string_view language) {
    return seen_.insert(hash_bytes(code) * 31 + hash_bytes(language)).second;
  }

 private:
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace enlace
