// Tensors of a checkpoint by BERT's names, their shapes checked.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "nn/checkpoint.h"

namespace enlace {

/// Finds tensors by name. Borrows what it is made from.
/// Every function throws Error(kCorrupt) if there is no such tensor or it has another shape.
class TensorLoader {
 public:
  /// `where` opens messages about a tensor that is missing; its file those about any other.
  TensorLoader(const Checkpoint& model, std::string_view where) : model_(model), where_(where) {}

  const Tensor& tensor(std::string_view name, std::initializer_list<std::size_t> shape) const;

  /// Its values, all finite.
  std::vector<float> values(std::string_view name, std::initializer_list<std::size_t> shape) const;

  /// A tensor that is left where it lies, its values checked.
  const Tensor& checked(std::string_view name, std::initializer_list<std::size_t> shape) const;

 private:
  const CheckpointTensor& located(std::string_view name,
                                  std::initializer_list<std::size_t> shape) const;

  const Checkpoint& model_;
  std::string_view where_;
};

}  // namespace enlace
