#include "text/bert_text.h"

#include <array>

#include <utf8proc.h>

#include "text/bert_characters.h"
#include "text/characters.h"

namespace enlace {
namespace {

/// The canonical decomposition of `c` in `parts`; its size.
std::size_t decompose(char32_t c, std::array<std::int32_t, 8>& parts) {
  parts[0] = std::int32_t(c);
  if (c < 0xC0 || c == 0x11938) return 1;  // U+11938 decomposes since Unicode 13 only
  int last_class = 0;
  const auto size = utf8proc_decompose_char(parts[0], parts.data(), utf8proc_ssize_t(parts.size()),
                                            UTF8PROC_DECOMPOSE, &last_class);
  return size > 0 && std::size_t(size) <= parts.size() ? std::size_t(size) : 1;
}

}  // namespace

void BertText::rewrite(char32_t c, std::string& out) const {
  if (options_.clean_text) {
    if (is_bert_control(c)) return;
    if (is_white_space(c)) c = ' ';
  }
  const bool chinese = options_.handle_chinese_chars && is_bert_chinese(c);
  if (chinese) out.push_back(' ');
  std::array<std::int32_t, 8> parts{std::int32_t(c)};
  const std::size_t count = options_.strip_accents ? decompose(c, parts) : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const auto part = char32_t(parts[i]);
    if (options_.strip_accents && is_bert_accent(part)) continue;
    options_.lowercase ? append_lower(out, part) : append_utf8(out, part);
  }
  if (chinese) out.push_back(' ');
}

bool BertText::apply(const NormalizedText& in, NormalizedText& out) const {
  const bool traced = !in.origins.empty();
  std::string rewritten;
  for (std::size_t at = 0; at < in.text.size();) {
    const char byte = in.text[at];
    if (byte >= 0x20 && byte < 0x7F) {
      const bool upper = options_.lowercase && byte >= 'A' && byte <= 'Z';
      out.text.push_back(upper ? static_cast<char>(byte - 'A' + 'a') : byte);
      if (traced) out.origins.push_back(in.origins[at]);
      ++at;
      continue;
    }
    const CodePoint next = next_code_point(in.text, at);
    rewritten.clear();
    rewrite(next.value, rewritten);
    out.append(rewritten, traced ? in.origins[at] : Span{}, traced);
    at += next.size;
  }
  return true;
}

}  // namespace enlace
