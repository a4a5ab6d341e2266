#include <string_view>

#include "math/kernels.h"
#include "math/sparse_kernels.h"

namespace enlace {
namespace {

const SparseKernels& table_named(std::string_view name) noexcept {
  if (name == kAvx512SparseKernels.name) return kAvx512SparseKernels;
  if (name == kAvx2SparseKernels.name) return kAvx2SparseKernels;
  return kScalarSparseKernels;
}

}  // namespace

const SparseKernels& sparse_kernels() noexcept {
  static const SparseKernels& picked = table_named(kernels().name);
  return picked;
}

}  // namespace enlace
