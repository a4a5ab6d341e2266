// A text that was rewritten, and where each of its bytes comes from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "text/span.h"

namespace enlace {

/// A rewritten text with its origins: origins[i] spans the bytes of the original that gave byte i.
/// Normalizer writes "Á  ß" as "a ss" with the origins {0,2} {2,4} {4,6} {4,6}.
///
/// Where nobody asks for origins they are left out: `origins` is then empty and original() must not
/// be called.
struct NormalizedText {
  std::string text;
  std::vector<Span> origins;

  /// The span of the original that gave bytes [begin, end). Requires begin < end <= text.size().
  Span original(std::size_t begin, std::size_t end) const {
    return {origins[begin].begin, origins[end - 1].end};
  }

  void append(std::string_view bytes, Span origin, bool traced) {
    text += bytes;
    if (traced) origins.insert(origins.end(), bytes.size(), origin);
  }

  /// Appends bytes [begin, end) of `from`, which has origins if this text is to have them.
  void append(const NormalizedText& from, std::size_t begin, std::size_t end) {
    text.append(from.text, begin, end - begin);
    if (!from.origins.empty()) {
      const auto first = from.origins.begin();
      origins.insert(origins.end(), first + std::ptrdiff_t(begin), first + std::ptrdiff_t(end));
    }
  }

  void clear() {
    text.clear();
    origins.clear();
  }
};

}  // namespace enlace
