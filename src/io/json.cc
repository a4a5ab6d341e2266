#include "io/json.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"

namespace enlace {
namespace {

namespace dom = simdjson::dom;

std::string_view type_name(dom::element_type type) {
  switch (type) {
    case dom::element_type::ARRAY: return "an array";
    case dom::element_type::OBJECT: return "an object";
    case dom::element_type::INT64:
    case dom::element_type::UINT64: return "an integer";
    case dom::element_type::DOUBLE: return "a number";
    case dom::element_type::STRING: return "a string";
    case dom::element_type::BOOL: return "a boolean";
    case dom::element_type::NULL_VALUE: return "null";
  }
  return "something else";
}

template <class T>
constexpr std::string_view kExpected = "";
template <>
constexpr std::string_view kExpected<std::string_view> = "a string";
template <>
constexpr std::string_view kExpected<bool> = "a boolean";
template <>
constexpr std::string_view kExpected<std::int64_t> = "an integer";
template <>
constexpr std::string_view kExpected<std::uint64_t> = "an integer that is not negative";
template <>
constexpr std::string_view kExpected<double> = "a number";
template <>
constexpr std::string_view kExpected<dom::array> = "an array";
template <>
constexpr std::string_view kExpected<dom::object> = "an object";

/// Recursion is safe: the parser has refused anything deeper than 1,024 levels.
void refuse_duplicate_keys(JsonElement element, std::string_view where) {
  if (element.is_array()) {
    for (const JsonElement item : dom::array(element)) refuse_duplicate_keys(item, where);
  } else if (element.is_object()) {
    std::vector<std::string_view> keys;
    for (const auto [key, value] : dom::object(element)) {
      keys.push_back(key);
      refuse_duplicate_keys(value, where);
    }
    std::sort(keys.begin(), keys.end());
    if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) {
      throw Error(ErrorKind::kCorrupt, "{}: expected distinct keys in an object, found one twice",
                  where);
    }
  }
}

/// `text` with ".0" behind every integer that may have more than 64 bits.
std::string with_long_integers_as_doubles(std::string_view text) {
  constexpr std::size_t kMostDigits = 18;  // that fit in any case
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string result;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char before = i > 0 ? text[i - 1] : ' ';  // a digit only within a fraction
    const bool begins =
        !quoted && is_digit(c) && !is_digit(before) && before != '.' && before != '+';
    result += c;
    if (quoted && c == '\\' && i + 1 < text.size()) {
      result += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (begins) {
      const std::size_t first = i;
      while (i + 1 < text.size() && is_digit(text[i + 1])) result += text[++i];
      const char after = i + 1 < text.size() ? text[i + 1] : ' ';
      const bool whole = after != '.' && after != 'e' && after != 'E';
      if (whole && i - first + 1 > kMostDigits) result += ".0";
    }
  }
  return result;
}

/// `padded`: as many bytes as simdjson may read too follow `text`, so that it needs no copy.
JsonElement parse_any(JsonParser& parser, std::string_view text, bool padded,
                      std::string_view where) {
  if (text.empty()) throw Error(ErrorKind::kCorrupt, "{}: expected JSON, found nothing", where);
  JsonElement element;
  if (const auto code = parser.parse(text.data(), text.size(), !padded).get(element)) {
    throw Error(ErrorKind::kCorrupt, "{}: expected JSON, found a fault: {}", where,
                simdjson::error_message(code));
  }
  refuse_duplicate_keys(element, where);
  return element;
}

}  // namespace

JsonElement parse_python_json(JsonParser& parser, std::string_view text, std::string_view where) {
  JsonElement element;
  if (text.empty() ||  // of a mapped file that is, whose bytes are nowhere
      parser.parse(text.data(), text.size()).get(element) != simdjson::NUMBER_ERROR) {
    return parse_json(parser, text, where);
  }
  return parse_json(parser, with_long_integers_as_doubles(text), where);
}

JsonElement parse_json(JsonParser& parser, std::string_view text, std::string_view where) {
  return parse_any(parser, text, false, where);
}

JsonElement parse_json(JsonParser& parser, const MappedFile& file, std::string_view where) {
  static_assert(MappedFile::kPadding >= simdjson::SIMDJSON_PADDING);
  return parse_any(parser, file.text(), true, where);
}

std::optional<JsonElement> json_member(JsonElement object, std::string_view key,
                                       std::string_view where) {
  JsonElement member;
  const auto code = json_as<dom::object>(object, "value", where).at_key(key).get(member);
  if (code != simdjson::SUCCESS || member.is_null()) return std::nullopt;
  return member;
}

template <class T>
T json_as(JsonElement element, std::string_view what, std::string_view where) {
  T value;
  if (element.get(value) != simdjson::SUCCESS) {
    throw Error(ErrorKind::kCorrupt, "{}: {}: expected {}, found {}", where, what, kExpected<T>,
                type_name(element.type()));
  }
  return value;
}

template <class T>
T json_get(JsonElement object, std::string_view key, std::string_view where) {
  const auto member = json_member(object, key, where);
  if (!member) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a member \"{}\", found none", where, key);
  }
  return json_as<T>(*member, key, where);
}

#define ENLACE_JSON_TYPE(T)                                                                  \
  template T json_as<T>(JsonElement element, std::string_view what, std::string_view where); \
  template T json_get<T>(JsonElement object, std::string_view key, std::string_view where)
ENLACE_JSON_TYPE(std::string_view);
ENLACE_JSON_TYPE(bool);
ENLACE_JSON_TYPE(std::int64_t);
ENLACE_JSON_TYPE(std::uint64_t);
ENLACE_JSON_TYPE(double);
ENLACE_JSON_TYPE(dom::array);
ENLACE_JSON_TYPE(dom::object);
#undef ENLACE_JSON_TYPE

}  // namespace enlace
