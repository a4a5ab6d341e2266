// Codes whose parents are what they begin with.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/hash.h"

namespace enlace {

/// Codes collected first, so that the parent of each may be any of them.
class CodeHierarchy {
 public:
  void add(std::string_view code) {
    if (known_.emplace(code).second) codes_.emplace_back(code);
  }

  /// In the order they were added first.
  const std::vector<std::string>& codes() const noexcept { return codes_; }

  /// The longest proper prefix of `code` that is a code here; empty if there is none.
  std::string_view parent(std::string_view code) const {
    while (code.size() > 1) {
      code.remove_suffix(1);
      if (known_.find(code) != known_.end()) return code;
    }
    return {};
  }

 private:
  std::unordered_set<std::string, StringHash, std::equal_to<>> known_;
  std::vector<std::string> codes_;
};

}  // namespace enlace
