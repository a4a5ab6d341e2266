#include "text/letter_case.h"

#include <utf8proc.h>

#include "text/characters.h"
#include "text/text_step.h"

namespace enlace {

void lower_case(std::string_view text, std::string& out) {
  constexpr char32_t kCapitalSigma = 0x3A3;
  out.clear();
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
      out.push_back(lead >= 'A' && lead <= 'Z' ? char(lead + ('a' - 'A')) : char(lead));
      ++at;
      continue;
    }
    const CodePoint next = next_code_point(text, at);
    if (next.value == kCapitalSigma && is_final_sigma(text, at, at + next.size)) {
      out += "ς";
    } else {
      append_lower(out, next.value);
    }
    at += next.size;
  }
}

void upper_case(std::string_view text, std::string& out) {
  out.clear();
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = next_code_point(text, at);
    append_utf8(out, char32_t(utf8proc_toupper(std::int32_t(next.value))));
    at += next.size;
  }
}

}  // namespace enlace
