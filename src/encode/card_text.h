// Records of a model as the words and tables of its card.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "encode/optional_json.h"

namespace enlace {

/// A scalar as people write it; a list of scalars with commas between; nothing for anything else.
std::string plain_text(std::optional<JsonElement> element);

/// The first of `keys` that `record` has; nothing if it has none.
std::string first_text(const OptionalJson& record, std::initializer_list<const char*> keys);

/// `text` for a cell of a table in Markdown.
std::string table_cell(std::string_view text);

/// Adds a row of two cells, unless there is no value.
void append_row(std::string& table, std::string_view what, std::string_view value);

}  // namespace enlace
