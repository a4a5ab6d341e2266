// The index of weights that lie in several files: model.safetensors.index.json and
// pytorch_model.bin.index.json.
//
//   {"metadata": {…}, "weight_map": {tensor: file, …}}
//
// The files lie beside the index.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace enlace {

struct ShardIndex {
  std::vector<std::string> files;                             // distinct, by rising name
  std::vector<std::pair<std::string, std::uint32_t>> places;  // tensor, number of its file
};

/// Parses an index. `where` opens every message. Throws Error(kCorrupt) if it is not as above, or
/// has a file whose name is not bare: letters, digits, '.', '_' and '-'.
ShardIndex parse_shard_index(std::string_view text, std::string_view where);

}  // namespace enlace
