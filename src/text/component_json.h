// What the readers of the parts of a tokenizer.json share.
#pragma once

#include <string_view>

#include "base/error.h"
#include "io/json.h"

namespace enlace {

/// The member `key`, which must be there and an object.
JsonElement object_at(JsonElement object, std::string_view key, std::string_view where);

/// The component's "type".
std::string_view type_of(JsonElement component, std::string_view what, std::string_view where);

/// Throws Error(kUnsupported): a component of this type is not known. Type names come from a closed
/// list of the reference library; one that does not look like a name is not repeated.
[[noreturn]] void refuse(std::string_view what, std::string_view type, std::string_view expected,
                         std::string_view where);

/// The string `key`, which bounds what text becomes. Throws Error(kUnsupported) if it is longer
/// than any tokenizer's.
std::string_view short_string(JsonElement object, std::string_view key, std::string_view where);

/// Throws Error(kUnsupported) for a regular expression that is not one of those known.
[[noreturn]] void refuse_regex(std::string_view what, std::string_view regex,
                               std::string_view where);

/// Calls `read` for `element`, or for every component in its `member` if it is a Sequence, which
/// may hold others. Nothing if it is null.
template <class Read>
void for_each_step(JsonElement element, std::string_view what, std::string_view member,
                   std::string_view where, const Read& read, int depth = 0) {
  constexpr int kMaxNesting = 16;
  if (element.is_null()) return;
  if (type_of(element, what, where) != "Sequence") return read(element);
  if (depth == kMaxNesting) {
    throw Error(ErrorKind::kUnsupported, "{}: {}: expected at most {} nested Sequences, found more",
                where, what, kMaxNesting);
  }
  for (const JsonElement step : json_get<simdjson::dom::array>(element, member, where)) {
    for_each_step(step, what, member, where, read, depth + 1);
  }
}

}  // namespace enlace
