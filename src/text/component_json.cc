#include "text/component_json.h"

#include <algorithm>

namespace enlace {

JsonElement object_at(JsonElement object, std::string_view key, std::string_view where) {
  json_get<simdjson::dom::object>(object, key, where);
  return *json_member(object, key, where);
}

std::string_view type_of(JsonElement component, std::string_view what, std::string_view where) {
  json_as<simdjson::dom::object>(component, what, where);
  return json_get<std::string_view>(component, "type", where);
}

void refuse(std::string_view what, std::string_view type, std::string_view expected,
            std::string_view where) {
  const bool is_name =
      !type.empty() && type.size() <= 40 && std::all_of(type.begin(), type.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      });
  throw Error(ErrorKind::kUnsupported, "{}: {}: expected {}, found {}", where, what, expected,
              is_name ? type : "another");
}

std::string_view short_string(JsonElement object, std::string_view key, std::string_view where) {
  constexpr std::size_t kMost = 32;
  const auto text = json_get<std::string_view>(object, key, where);
  if (text.size() > kMost) {
    throw Error(ErrorKind::kUnsupported, "{}: {}: expected at most {} bytes, found {}", where, key,
                kMost, text.size());
  }
  return text;
}

void refuse_regex(std::string_view what, std::string_view regex, std::string_view where) {
  throw Error(ErrorKind::kUnsupported,
              "{}: {}: expected a regular expression of a known tokenizer, found another one of {} "
              "bytes",
              where, what, regex.size());
}

}  // namespace enlace
