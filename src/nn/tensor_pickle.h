// The pickle that torch.save writes of a dictionary of tensors, read without running anything.
//
// A pickle is a program for a machine with a stack. This machine knows no more than the opcodes of
// protocol 2 and the names of Python that such a dictionary needs; what they would call is not
// called but noted. Anything else ends the reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "nn/tensor.h"

namespace enlace {

/// The numbers of one or more tensors, in a record of its own.
struct PickledStorage {
  std::string_view key;  // names the record
  TensorType type = TensorType::kOther;
  std::size_t width = 0;  // bytes of a number
  std::size_t count = 0;
};

/// A view of a storage.
struct PickledTensor {
  std::string_view name;
  PickledStorage storage;
  std::size_t first = 0;  // number of the storage
  std::vector<std::size_t> shape;
  std::vector<std::size_t> strides;  // in numbers
};

/// The tensors of the dictionary that `pickle` describes, in its order. Borrows `pickle`.
/// `where` opens every message. Throws Error: kUnsupported, by name, for any other opcode or
/// global, and for a dictionary of anything else; kCorrupt for a program that cannot have been
/// written by torch.save.
std::vector<PickledTensor> read_tensor_pickle(std::span<const std::byte> pickle,
                                              std::string_view where);

}  // namespace enlace
