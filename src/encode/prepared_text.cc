#include "encode/prepared_text.h"

#include <utility>

#include "base/utf8.h"
#include "text/text_step.h"

namespace enlace {
namespace {

void lower_case(std::string& text) {
  if (!is_utf8(text)) return;
  std::string lowered;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint code_point = decode_utf8(text, at);
    append_lower(lowered, code_point.value);
    at += code_point.size;
  }
  text = std::move(lowered);
}

}  // namespace

void prepare_text(const ModelUsage& usage, std::string_view text, std::string& prepared) {
  prepared.assign(usage.prefix).append(text);
  if (usage.lower_case) lower_case(prepared);
}

}  // namespace enlace
