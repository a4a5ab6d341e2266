#include "nn/shard_index.h"

#include <algorithm>

#include "base/bare_name.h"
#include "base/error.h"
#include "io/json.h"

namespace enlace {

ShardIndex parse_shard_index(std::string_view text, std::string_view where) {
  JsonParser parser;
  const auto map =
      json_get<simdjson::dom::object>(parse_json(parser, text, where), "weight_map", where);
  std::vector<std::string_view> files;
  for (const auto [tensor, value] : map) {
    const auto file = json_as<std::string_view>(value, "weight_map", where);
    if (!is_bare_name(file)) {
      throw Error(ErrorKind::kCorrupt,
                  "{}: weight_map: expected the name of a file beside it for every tensor", where);
    }
    files.push_back(file);
  }
  if (files.empty()) {
    throw Error(ErrorKind::kCorrupt, "{}: weight_map: expected tensors, found none", where);
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());

  ShardIndex index;
  for (const auto [tensor, value] : map) {
    const auto file = json_as<std::string_view>(value, "weight_map", where);
    const auto at = std::lower_bound(files.begin(), files.end(), file) - files.begin();
    index.places.emplace_back(tensor, static_cast<std::uint32_t>(at));
  }
  index.files.assign(files.begin(), files.end());
  return index;
}

}  // namespace enlace
