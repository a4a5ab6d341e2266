#include "math/sparse_kernels.h"
#include "math/tier.h"

namespace enlace {
namespace {

const SparseKernels& table_of(Tier tier) noexcept {
  switch (tier) {
    case Tier::kScalar: return kScalarSparseKernels;
    case Tier::kAvx2: return kAvx2SparseKernels;
    default: return kAvx512SparseKernels;
  }
}

}  // namespace

const SparseKernels& sparse_kernels() noexcept {
  static const SparseKernels& picked = table_of(current_tier());
  return picked;
}

SparseKernelList runnable_sparse_kernels() noexcept {
  SparseKernelList list{};
  for (const Tier tier : {Tier::kScalar, Tier::kAvx2, Tier::kAvx512}) {
    if (runs(tier)) list.tables[list.count++] = &table_of(tier);
  }
  return list;
}

}  // namespace enlace
