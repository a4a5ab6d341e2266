// Tensors of a checkpoint by BERT's names, their shapes checked.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "nn/safetensors.h"

namespace enlace {

/// Finds tensors by name under the model's prefix. Borrows what it is made from.
/// Every function throws Error(kCorrupt) if there is no such tensor or it has another shape.
class TensorLoader {
 public:
  /// `where` opens every message.
  TensorLoader(const Safetensors& model, std::string_view where);

  const Tensor& tensor(std::string_view name, std::initializer_list<std::size_t> shape) const;

  /// Its values, all finite.
  std::vector<float> values(std::string_view name, std::initializer_list<std::size_t> shape) const;

  /// A tensor that is left where it lies, its values checked.
  const Tensor& checked(std::string_view name, std::initializer_list<std::size_t> shape) const;

 private:
  const Safetensors& model_;
  std::string_view where_;
  std::string prefix_;
};

}  // namespace enlace
