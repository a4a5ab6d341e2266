// JSON that was read, written again: as it was, or with some values changed.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "io/json.h"
#include "io/json_writer.h"

namespace enlace {

/// Writes `element` with the same values in the same order.
void copy_json(JsonElement element, JsonWriter& json);

/// Asked about every value: writes another one in its place and returns true, or writes nothing and
/// returns false. `path` is the keys that lead to the value, each after a '/'; the elements of an
/// array all have the path of the array with a '/' behind.
using JsonEdit = std::function<bool(std::string_view path, JsonElement element, JsonWriter& json)>;

/// Writes `element`, and inside it what `edit` writes in the place of what it is asked about.
void edit_json(JsonElement element, const JsonEdit& edit, JsonWriter& json);

/// The same value on many lines, a member or element each, for people to read.
/// Requires text that a JsonWriter made.
std::string indented_json(std::string_view json);

}  // namespace enlace
