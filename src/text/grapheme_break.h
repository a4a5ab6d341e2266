// Where a grapheme cluster ends.
#pragma once

#include <cstdint>

namespace enlace {

/// Whether a cluster ends between `left` and `right`, which follow each other: extended grapheme
/// clusters of UAX 29 with the characters of Unicode 17. `state` is 0 at the beginning of a
/// cluster, and carries what was seen of it.
///
/// utf8proc has the clusters of Unicode 15. What is older still here: rule GB9c of Unicode 15.1,
/// which joins the consonants of a conjunct, and which symbols count as pictographic.
bool is_grapheme_break(char32_t left, char32_t right, std::int32_t& state) noexcept;

}  // namespace enlace
