#include "text/words.h"

#include "text/characters.h"

namespace enlace {

void find_words(std::string_view text, std::vector<Span>& words) {
  bool open = false;         // whether words.back() may go on
  bool ideographic = false;  // whether it may go on with marks only
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = next_code_point(text, at);
    const Span span = {std::uint32_t(at), std::uint32_t(at + next.size)};
    at += next.size;
    if (is_mark(next.value)) {
      if (open) words.back().end = span.end;
    } else if (is_letter(next.value) || is_number(next.value)) {
      const bool alone = is_ideographic(next.value);
      if (open && !alone && !ideographic) {
        words.back().end = span.end;
      } else {
        words.push_back(span);
      }
      open = true;
      ideographic = alone;
    } else {
      open = false;
    }
  }
}

}  // namespace enlace
