// Made-up names for tests: enough alike that searches have to choose.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/random.h"

namespace enlace {

/// Some syllables, as `random` has it.
inline std::string made_name(Random& random) {
  constexpr std::string_view kSyllables[] = {"ba", "ce", "dol", "fi", "gor", "lu", "men", "tis"};
  std::string name;
  for (std::uint64_t n = 2 + random.below(4); n > 0; --n) {
    name += kSyllables[random.below(std::size(kSyllables))];
    if (random.below(3) == 0) name += ' ';
  }
  return name;
}

/// A table of concepts PREFIX0, PREFIX1, …: each has a name in each of two languages, and some have
/// a number. The prefix decides the names.
inline std::string made_table(char prefix, int count) {
  Random random(static_cast<std::uint64_t>(prefix));
  std::string rows;
  for (int i = 0; i < count; ++i) {
    for (const std::string_view language : {"es", "en"}) {
      const std::string name = made_name(random);
      rows += fmt::format("{}{}\t{}{}\t{}\tS{}\tT{}\n", prefix, i, name, i % 7 == 0 ? "2" : "",
                          language, i % 2, i % 3);
    }
  }
  return rows;
}

}  // namespace enlace
