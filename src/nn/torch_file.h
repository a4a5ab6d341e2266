// Files of torch.save (PyTorch 1.6 and later) that hold a dictionary of tensors: pytorch_model.bin.
//
// A zip archive of uncompressed records below one folder of any name:
//
//   data.pkl    the dictionary (nn/tensor_pickle.h)
//   data/KEY    the numbers of the storage KEY, each beginning at a multiple of 64 bytes
//   byteorder   "little" or "big"; little where it is absent
//   version     and others, which are not looked at
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "nn/tensor.h"

namespace enlace {

/// Parses a whole file. Nothing in it is run, and nothing allocated by a size that it only claims.
/// `where` opens every message. Throws Error: kUnsupported for the format before 1.6, numbers in
/// big-endian order, a tensor whose numbers do not lie one after the other, and what
/// read_tensor_pickle refuses; kCorrupt if a record is missing or too short for its tensors, and as
/// parse_zip_archive does.
TensorFile parse_torch_file(std::span<const std::byte> file, std::string_view where);

}  // namespace enlace
