// The weights of a published model, by BERT's names, whatever the files they lie in.
//
// A model folder has one of these; the first that is there counts:
//
//   model.safetensors                one file (nn/safetensors.h)
//   model.safetensors.index.json     several of them (nn/shard_index.h)
//   pytorch_model.bin                one file of torch.save (nn/torch_file.h)
//   pytorch_model.bin.index.json     several of them
//
// Two forms of our own (encode/quantize_model.h), which other libraries do not read:
//
//   "x" of I8, (rows, columns)       with "x_scale" of F32, (rows)
//   "x" of U8, (rows, columns / 2)   with "x_scale" of F16, (rows, columns / 32): a tensor of I4,
//                                    (rows, columns), as nn/tensor.h has it
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/mapped_file.h"
#include "nn/tensor.h"

namespace enlace {

/// A tensor of an encoder.
struct CheckpointTensor {
  std::string name;    // BERT's (nn/tensor_names.h)
  Tensor tensor;       // with the name that its file has for it
  std::uint32_t file;  // where it is from: a number for Checkpoint::file_name
};

/// Moves, never copies; tensors borrow from its files. Const is thread-safe.
class Checkpoint {
 public:
  /// A file of it; the index comes first, if there is one.
  struct File {
    std::filesystem::path path;
    MappedFile content;
  };

  /// Opens the weights in `folder`. No value is read: what they are, load_values says.
  /// Throws Error: kNotFound if there are none or a shard is missing; kCorrupt if a file is
  /// damaged, the index does not fit its shards, a tensor is there twice, or two tensors have the
  /// same name in BERT; kUnsupported; kIo.
  static Checkpoint open(const std::filesystem::path& folder);

  /// The tensors of one file that somebody else keeps. Throws as open does.
  Checkpoint(const TensorFile& file, std::string_view file_name);

  /// The tensor of an encoder that BERT calls `name`, and the file it is from; null if there is
  /// none.
  const CheckpointTensor* locate(std::string_view name) const noexcept;

  /// The tensor alone.
  const Tensor* find(std::string_view name) const noexcept;

  /// All of them, by rising name.
  std::span<const CheckpointTensor> tensors() const noexcept { return tensors_; }

  /// How many other tensors the files have: heads, poolers.
  std::size_t others() const noexcept { return others_; }

  /// Opens messages about a tensor from that file.
  const std::string& file_name(std::uint32_t file) const noexcept { return file_names_[file]; }

  std::span<const File> files() const noexcept { return files_; }

 private:
  Checkpoint() = default;

  void add(const TensorFile& file, std::uint32_t number);
  void finish();       // after the last file
  void bind_scales();  // of the tensors of I8 and of U8, which becomes I4

  std::vector<File> files_;
  std::vector<std::string> file_names_;
  std::vector<CheckpointTensor> tensors_;
  std::size_t others_ = 0;
};

}  // namespace enlace
