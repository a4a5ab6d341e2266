// The languages that a user wants of a source that has many.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "sources/source_spec.h"

namespace enlace {

/// The option `lang` as a list, `es;fr;pt` where pt takes pt-BR too; every language without one.
class ChosenLanguages {
 public:
  /// Throws Error(kInvalidArgument) if one is not a known language.
  explicit ChosenLanguages(const SourceSpec& spec);

  /// The canonical form of `tag`; empty if it is not wanted or not known. Valid until the next
  /// call.
  std::string_view find(std::string_view tag);

 private:
  std::vector<std::string> ranges_;
  std::unordered_map<std::string, std::string, StringHash, std::equal_to<>> answers_;  // by tag
};

}  // namespace enlace
