#include "encode/card_text.h"

#include <fmt/format.h>

#include "io/json_copy.h"

namespace enlace {

std::string plain_text(std::optional<JsonElement> element) {
  if (!element) return "";
  if (element->is_string()) return std::string(std::string_view(*element));
  if (element->is_array()) {
    std::string text;
    for (const JsonElement item : simdjson::dom::array(*element)) {
      const std::string part = plain_text(item);
      if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    }
    return text;
  }
  if (element->is_object() || element->is_null()) return "";
  JsonWriter json;
  copy_json(*element, json);
  return json.text();
}

std::string first_text(const OptionalJson& record, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (std::string text = plain_text(record.find(key)); !text.empty()) return text;
  }
  return "";
}

std::string table_cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c == '\n' || c == '\r' ? ' ' : c;
  }
  return result;
}

void append_row(std::string& table, std::string_view what, std::string_view value) {
  if (!value.empty()) table += fmt::format("| {} | {} |\n", what, table_cell(value));
}

}  // namespace enlace
