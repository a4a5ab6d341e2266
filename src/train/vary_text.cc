#include "train/vary_text.h"

#include <algorithm>

#include "text/letter_case.h"

namespace enlace {
namespace {

/// Every byte begins or continues a code point below U+0240: Latin letters with and without
/// accents. Others lose more than accents where they are decomposed (か from が).
bool is_latin(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0xC9; });
}

}  // namespace

void vary_text(std::string_view text, const Normalizer& bare, Random& random, std::string& out) {
  const std::uint64_t of_ten = random.below(10);
  if (of_ten == 0) {
    upper_case(text, out);
  } else if (of_ten <= 2 && is_latin(text)) {
    bare.normalize(text, out);
  } else {
    lower_case(text, out);
  }
}

}  // namespace enlace
