#include "nn/tensor_loader.h"

#include <algorithm>

#include "base/error.h"

namespace enlace {

TensorLoader::TensorLoader(const Safetensors& model, std::string_view where)
    : model_(model), where_(where) {
  for (const char* prefix : {"bert.", "roberta."}) {
    if (model.find(std::string(prefix) + "embeddings.word_embeddings.weight") != nullptr) {
      prefix_ = prefix;
    }
  }
}

const Tensor& TensorLoader::tensor(std::string_view name,
                                   std::initializer_list<std::size_t> shape) const {
  const std::string full = prefix_ + std::string(name);
  const Tensor* found = model_.find(full);
  if (found == nullptr) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a tensor {} of shape {}, found none", where_,
                full, shape_text(shape));
  }
  if (!std::equal(shape.begin(), shape.end(), found->shape.begin(), found->shape.end())) {
    throw Error(ErrorKind::kCorrupt, "{}: tensor {}: expected shape {}, found {}", where_, full,
                shape_text(shape), shape_text(found->shape));
  }
  return *found;
}

std::vector<float> TensorLoader::values(std::string_view name,
                                        std::initializer_list<std::size_t> shape) const {
  return load_values(tensor(name, shape), where_);
}

const Tensor& TensorLoader::checked(std::string_view name,
                                    std::initializer_list<std::size_t> shape) const {
  const Tensor& found = tensor(name, shape);
  check_values(found, where_);
  return found;
}

}  // namespace enlace
