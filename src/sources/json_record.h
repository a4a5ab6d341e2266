// A record of a source that is JSON: a line, or a member of a list.
#pragma once

#include <string_view>

#include "io/json.h"

namespace enlace {

/// Throws Error(kCorrupt) at a zero byte in `json`, itself or as the escape \u0000: no name or code
/// may hold one. `where` opens the message, as in parse_json.
void refuse_zeros(std::string_view json, std::string_view where);

/// parse_json of a record without zero bytes.
JsonElement parse_json_record(JsonParser& parser, std::string_view json, std::string_view where);

}  // namespace enlace
