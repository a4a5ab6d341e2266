// Reading JSON from outside: strict, and with errors that never quote the input.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <simdjson.h>

#include "io/mapped_file.h"

namespace enlace {

using JsonElement = simdjson::dom::element;
using JsonParser = simdjson::dom::parser;

/// The JSON document `text`, which must be UTF-8, at most 1,000 levels deep and without duplicate
/// keys. Lives in `parser` until its next use. `where` opens every message: "config.json" or
/// "notes.jsonl:17". Throws Error(kCorrupt).
JsonElement parse_json(JsonParser& parser, std::string_view text, std::string_view where);

/// The same of a whole file, without a copy of it.
JsonElement parse_json(JsonParser& parser, const MappedFile& file, std::string_view where);

/// The same for what Python wrote, whose integers have no end (a model_max_length of 10^30 means
/// none): one of more than 64 bits is read as the double next to it.
JsonElement parse_python_json(JsonParser& parser, std::string_view text, std::string_view where);

/// The member `key` of an object; nothing if it is absent or null.
/// Throws Error(kCorrupt) if `object` is not an object.
std::optional<JsonElement> json_member(JsonElement object, std::string_view key,
                                       std::string_view where);

/// A member that must be there, as T: std::string_view, bool, std::int64_t, std::uint64_t, double,
/// simdjson::dom::array or simdjson::dom::object.
/// Throws Error(kCorrupt) naming `where`, the key and the type expected.
template <class T>
T json_get(JsonElement object, std::string_view key, std::string_view where);

/// The same where absence is a normal answer.
template <class T>
T json_get_or(JsonElement object, std::string_view key, T otherwise, std::string_view where) {
  return json_member(object, key, where) ? json_get<T>(object, key, where) : otherwise;
}

/// `element` itself as T. `what` names it in the message.
template <class T>
T json_as(JsonElement element, std::string_view what, std::string_view where);

}  // namespace enlace
