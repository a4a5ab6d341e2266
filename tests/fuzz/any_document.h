// What holds of every document that a reader of a corpus gives.
#pragma once

#include <string_view>

#include "corpus/document.h"

namespace enlace::testing_fuzz {

/// Traps if a mention lies outside the text or has none.
inline void require_sound(const Document& document) {
  for (const Mention& mention : document.mentions) {
    if (mention.begin >= mention.end || mention.end > document.text.size() ||
        mention.text.empty()) {
      __builtin_trap();
    }
  }
}

inline void ignore_refusal(std::size_t, std::string_view) {}

}  // namespace enlace::testing_fuzz
