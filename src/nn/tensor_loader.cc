#include "nn/tensor_loader.h"

#include <algorithm>

#include "base/error.h"

namespace enlace {

const CheckpointTensor& TensorLoader::located(std::string_view name,
                                              std::initializer_list<std::size_t> shape) const {
  const CheckpointTensor* found = model_.locate(name);
  if (found == nullptr) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a tensor {} of shape {}, found none", where_,
                name, shape_text(shape));
  }
  const Tensor& tensor = found->tensor;
  if (!std::equal(shape.begin(), shape.end(), tensor.shape.begin(), tensor.shape.end())) {
    throw Error(ErrorKind::kCorrupt, "{}: tensor {}: expected shape {}, found {}",
                model_.file_name(found->file), tensor.name, shape_text(shape),
                shape_text(tensor.shape));
  }
  return *found;
}

const Tensor& TensorLoader::tensor(std::string_view name,
                                   std::initializer_list<std::size_t> shape) const {
  return located(name, shape).tensor;
}

std::vector<float> TensorLoader::values(std::string_view name,
                                        std::initializer_list<std::size_t> shape) const {
  const CheckpointTensor& found = located(name, shape);
  return load_values(found.tensor, model_.file_name(found.file));
}

const Tensor& TensorLoader::checked(std::string_view name,
                                    std::initializer_list<std::size_t> shape) const {
  const CheckpointTensor& found = located(name, shape);
  check_values(found.tensor, model_.file_name(found.file));
  return found.tensor;
}

}  // namespace enlace
