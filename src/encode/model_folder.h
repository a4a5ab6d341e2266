// Writing model folders that this engine, transformers and sentence-transformers load alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "encode/model_usage.h"
#include "nn/checkpoint.h"
#include "nn/safetensors_writer.h"

namespace enlace {

/// What a new model folder is made of.
struct NewModel {
  /// The folder of the model that it comes from: config.json and the tokenizer are taken over from
  /// its encoder. It need not have weights.
  std::filesystem::path initial;

  ModelUsage usage;                // how it is to be used; the path in it is not looked at
  std::vector<NewTensor> tensors;  // the encoder's, by BERT's names (nn/tensor_names.h)

  /// Numbers that config.json is to have instead of the initial model's, such as vocab_size.
  std::map<std::string, std::uint64_t> config = {};

  /// Records of the initial model that are not true of this one, such as blending.json.
  std::vector<std::string> dropped = {};

  /// Files to write beside, by name: text that stands as it is. One that bears the name of a file
  /// taken over, such as tokenizer.json, is written in its place.
  std::map<std::string, std::string> files = {};
};

/// Makes `folder` a model folder, in one step (FolderPublication, io/publish.h):
///
/// | file                             | content                                            |
/// | config.json                      | the initial model's, with the base model as its    |
/// |                                  | architecture and the type of number it now has      |
/// | model.safetensors                | the tensors, by the names of transformers' base    |
/// |                                  | model of that family                                |
/// | tokenizer.json, …                | the initial model's                                 |
/// | LICENSE, training.json, …        | the initial model's records, if it has them         |
/// | modules.json, 1_Pooling, …       | the usage, for sentence-transformers                |
/// | enlace.json                      | the usage, for this engine                          |
///
/// read_model_usage(folder) then gives the same usage, with no more tokens than the encoder has
/// positions. An old folder is replaced.
/// Throws Error: kNotFound if the initial model has no config.json or no tokenizer, or the parent
/// of `folder` does not exist; kCorrupt and kUnsupported as parse_model_config does; kIo;
/// kCancelled, and then nothing is left.
void write_model_folder(const std::filesystem::path& folder, const NewModel& model,
                        const Progress& progress = {});

/// Every tensor of the encoder in `model`, as it stands. Borrows. Throws Error(kCorrupt), naming
/// it, if one has a value that is not finite.
std::vector<NewTensor> encoder_tensors(const Checkpoint& model);

}  // namespace enlace
