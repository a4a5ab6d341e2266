#include "io/json_copy.h"

namespace enlace {
namespace {

using simdjson::dom::element_type;

/// A value without parts.
void copy_scalar(JsonElement element, JsonWriter& json) {
  switch (element.type()) {
    case element_type::STRING: json.string(std::string_view(element)); break;
    case element_type::INT64: json.signed_integer(std::int64_t(element)); break;
    case element_type::UINT64: json.integer(std::uint64_t(element)); break;
    case element_type::DOUBLE: json.number(double(element)); break;
    case element_type::BOOL: json.boolean(bool(element)); break;
    default: json.null();
  }
}

void edit_at(std::string& path, JsonElement element, const JsonEdit& edit, JsonWriter& json) {
  if (edit(path, element, json)) return;
  const std::size_t depth = path.size();
  path += '/';
  if (element.is_object()) {
    json.object();
    for (const auto [key, value] : simdjson::dom::object(element)) {
      json.key(key);
      path.append(key);
      edit_at(path, value, edit, json);
      path.resize(depth + 1);
    }
    json.close();
  } else if (element.is_array()) {
    json.array();
    for (const JsonElement value : simdjson::dom::array(element)) edit_at(path, value, edit, json);
    json.close();
  } else {
    copy_scalar(element, json);
  }
  path.resize(depth);
}

void new_line(std::string& text, std::size_t depth) {
  text += '\n';
  text.append(2 * depth, ' ');
}

}  // namespace

void copy_json(JsonElement element, JsonWriter& json) {
  edit_json(
      element, [](auto...) { return false; }, json);
}

void edit_json(JsonElement element, const JsonEdit& edit, JsonWriter& json) {
  std::string path;
  edit_at(path, element, edit, json);
}

std::string indented_json(std::string_view json) {
  std::string text;
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      text += c;
      if (c == '\\') text += json[++i];
      quoted = c != '"';
      continue;
    }
    const bool empty = i + 1 < json.size() && (json[i + 1] == '}' || json[i + 1] == ']');
    switch (c) {
      case '{':
      case '[':
        text += c;
        if (empty) {
          text += json[++i];
        } else {
          new_line(text, ++depth);
        }
        break;
      case '}':
      case ']':
        new_line(text, --depth);
        text += c;
        break;
      case ',':
        text += c;
        new_line(text, depth);
        break;
      case ':': text += ": "; break;
      default: quoted = c == '"'; text += c;
    }
  }
  return text + '\n';
}

}  // namespace enlace
