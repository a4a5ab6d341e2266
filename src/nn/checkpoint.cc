#include "nn/checkpoint.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.h"
#include "nn/safetensors.h"
#include "nn/shard_index.h"
#include "nn/tensor_names.h"
#include "nn/torch_file.h"

namespace enlace {
namespace {

struct Container {
  const char* single;
  const char* index;
  TensorFile (*parse)(std::span<const std::byte> file, std::string_view where);
};

constexpr Container kContainers[] = {
    {"model.safetensors", "model.safetensors.index.json", parse_safetensors},
    {"pytorch_model.bin", "pytorch_model.bin.index.json", parse_torch_file},
};

/// Every tensor of every file must be where the index says, and every place of the index taken.
void check_places(const ShardIndex& index, std::span<const TensorFile> shards,
                  std::span<const std::string> shard_names, std::string_view where) {
  std::map<std::string_view, std::uint32_t> places;
  for (const auto& [tensor, file] : index.places) {
    places.emplace(tensor, file);
    if (shards[file].find(tensor) == nullptr) {
      throw Error(ErrorKind::kCorrupt, "{}: expected a tensor {} as {} says, found none",
                  shard_names[file], tensor, where);
    }
  }
  for (std::size_t file = 0; file < shards.size(); ++file) {
    for (const Tensor& tensor : shards[file].tensors) {
      const auto place = places.find(tensor.name);
      if (place == places.end() || place->second != file) {
        throw Error(ErrorKind::kCorrupt, "{}: tensor {}: expected to be {} in {}, found otherwise",
                    shard_names[file], tensor.name, place == places.end() ? "listed" : "once",
                    where);
      }
    }
  }
}

/// Makes `tensor`, pairs in U8, one of I4.
void unfold_pairs(Tensor& tensor, std::string_view where) {
  constexpr std::size_t kPairs = kI4Block / 2;
  if (tensor.shape.size() != 2 || tensor.shape.back() % kPairs != 0) {
    throw Error(ErrorKind::kCorrupt,
                "{}: tensor {}: expected a matrix in blocks of {} bytes, found {}", where,
                tensor.name, kPairs, shape_text(tensor.shape));
  }
  tensor.type = TensorType::kI4;
  tensor.shape.back() *= 2;  // as many bytes are there: no overflow
}

}  // namespace

Checkpoint::Checkpoint(const TensorFile& file, std::string_view file_name) {
  file_names_.emplace_back(file_name);
  add(file, 0);
  finish();
}

Checkpoint Checkpoint::open(const std::filesystem::path& folder) {
  Checkpoint checkpoint;
  const auto map_file = [&](const std::filesystem::path& path) {
    checkpoint.file_names_.push_back(path.string());
    checkpoint.files_.push_back({path, MappedFile(path)});
    refuse_lfs_pointer(checkpoint.files_.back().content, path.string());
    return checkpoint.files_.back().content.bytes();
  };
  for (const Container& container : kContainers) {
    if (std::filesystem::exists(folder / container.single)) {
      const auto bytes = map_file(folder / container.single);
      checkpoint.add(container.parse(bytes, checkpoint.file_names_.back()), 0);
      checkpoint.finish();
      return checkpoint;
    }
    if (!std::filesystem::exists(folder / container.index)) continue;
    map_file(folder / container.index);
    const std::string_view text = checkpoint.files_.back().content.text();
    const ShardIndex index = parse_shard_index(text, checkpoint.file_names_.front());
    std::vector<TensorFile> shards;
    for (const std::string& name : index.files) {
      const auto bytes = map_file(folder / name);
      shards.push_back(container.parse(bytes, checkpoint.file_names_.back()));
    }
    const std::span names(checkpoint.file_names_);
    check_places(index, shards, names.subspan(1), names.front());
    for (std::uint32_t i = 0; i < shards.size(); ++i) checkpoint.add(shards[i], i + 1);
    checkpoint.finish();
    return checkpoint;
  }
  if (!std::filesystem::is_directory(folder)) {
    throw Error(ErrorKind::kNotFound, "{}: expected a model folder, found none", folder.string());
  }
  throw Error(ErrorKind::kNotFound, "{}: expected {} or {}, found neither", folder.string(),
              kContainers[0].single, kContainers[1].single);
}

void Checkpoint::add(const TensorFile& file, std::uint32_t number) {
  for (const Tensor& tensor : file.tensors) {
    if (auto name = bert_name(tensor.name)) {
      tensors_.push_back({std::move(*name), tensor, number});
    } else {
      ++others_;
    }
  }
}

void Checkpoint::finish() {
  std::sort(tensors_.begin(), tensors_.end(),
            [](const CheckpointTensor& a, const CheckpointTensor& b) { return a.name < b.name; });
  const auto twin = std::adjacent_find(
      tensors_.begin(), tensors_.end(),
      [](const CheckpointTensor& a, const CheckpointTensor& b) { return a.name == b.name; });
  if (twin == tensors_.end()) return bind_scales();
  throw Error(ErrorKind::kCorrupt, "{}: expected one tensor {}, found {} and {}",
              file_names_[twin->file], twin->name, twin->tensor.name, std::next(twin)->tensor.name);
}

void Checkpoint::bind_scales() {
  std::vector<std::string> bound;
  for (CheckpointTensor& entry : tensors_) {
    Tensor& tensor = entry.tensor;
    if (tensor.type != TensorType::kI8 && tensor.type != TensorType::kU8) continue;
    const std::string name = entry.name + "_scale";
    const CheckpointTensor* found = locate(name);
    if (found == nullptr) continue;  // load_values will ask for them
    const Tensor& scales = found->tensor;
    if (tensor.type == TensorType::kU8) unfold_pairs(tensor, file_names_[entry.file]);
    const auto [type, shape] = scales_form(tensor);
    if (scales.type != type || scales.shape != shape) {
      throw Error(ErrorKind::kCorrupt, "{}: tensor {}: expected {} of shape {}, found {} of {}",
                  file_names_[found->file], scales.name, name_of(type), shape_text(shape),
                  name_of(scales.type), shape_text(scales.shape));
    }
    tensor.scales = scales.bytes;
    bound.push_back(name);
  }
  std::sort(bound.begin(), bound.end());
  std::erase_if(tensors_, [&](const CheckpointTensor& entry) {
    return std::binary_search(bound.begin(), bound.end(), entry.name);
  });
}

const CheckpointTensor* Checkpoint::locate(std::string_view name) const noexcept {
  const auto at = std::lower_bound(
      tensors_.begin(), tensors_.end(), name,
      [](const CheckpointTensor& t, std::string_view wanted) { return t.name < wanted; });
  return at != tensors_.end() && at->name == name ? &*at : nullptr;
}

const Tensor* Checkpoint::find(std::string_view name) const noexcept {
  const CheckpointTensor* place = locate(name);
  return place == nullptr ? nullptr : &place->tensor;
}

}  // namespace enlace
