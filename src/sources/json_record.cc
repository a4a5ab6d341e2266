#include "sources/json_record.h"

#include "base/error.h"
#include "sources/source_text.h"

namespace enlace {

void refuse_zeros(std::string_view json, std::string_view where) {
  if (const auto zero = json.find('\0'); zero != json.npos) throw zero_byte_error(where, zero);
  constexpr std::string_view kZero = "\\u0000";
  for (auto at = json.find(kZero); at != json.npos; at = json.find(kZero, at + 1)) {
    const auto before = json.substr(0, at).find_last_not_of('\\');
    const std::size_t backslashes = at - (before == json.npos ? 0 : before + 1);
    if (backslashes % 2 == 1) continue;  // the backslash is itself escaped
    throw Error(ErrorKind::kCorrupt, "{}: byte {}: expected text, found an escaped zero byte",
                where, at + 1);
  }
}

JsonElement parse_json_record(JsonParser& parser, std::string_view json, std::string_view where) {
  refuse_zeros(json, where);
  return parse_json(parser, json, where);
}

}  // namespace enlace
