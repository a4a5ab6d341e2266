// The safetensors format: named tensors in one file.
//
// | offset | size | field                                                        |
// |      0 |    8 | N, the length of the header, little-endian                   |
// |      8 |    N | JSON: {name: {"dtype", "shape", "data_offsets": [begin, end]}} |
// |  8 + N |      | the tensors, row-major, without holes; offsets count from here |
//
// The header may also hold "__metadata__", an object of strings, which is not kept.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "nn/tensor.h"

namespace enlace {

/// Parses a whole file. Nothing is allocated by a size that the file only claims.
/// `where` opens every message. Throws Error: kCorrupt if the header is not as above, names a
/// tensor twice, or its tensors leave a hole, overlap or do not end with the file.
TensorFile parse_safetensors(std::span<const std::byte> file, std::string_view where);

}  // namespace enlace
