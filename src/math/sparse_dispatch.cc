#include "math/sparse_kernels.h"
#include "math/tier.h"

namespace enlace {
namespace {

const SparseKernels& table_of(Tier tier) noexcept {
  switch (tier) {
    case Tier::kScalar: return kScalarSparseKernels;
    case Tier::kAvx2: return kAvx2SparseKernels;
    default: return has_vbmi2() ? kAvx512Vbmi2SparseKernels : kAvx512SparseKernels;
  }
}

}  // namespace

bool has_vbmi2() noexcept {
  return __builtin_cpu_supports("avx512vbmi2") != 0 &&
         __builtin_cpu_supports("avx512vpopcntdq") != 0;
}

const SparseKernels& sparse_kernels() noexcept {
  static const SparseKernels& picked = table_of(current_tier());
  return picked;
}

SparseKernelList runnable_sparse_kernels() noexcept {
  SparseKernelList list{};
  const auto add = [&list](const SparseKernels& table) { list.tables[list.count++] = &table; };
  add(kScalarSparseKernels);
  if (runs(Tier::kAvx2)) add(kAvx2SparseKernels);
  if (runs(Tier::kAvx512)) add(kAvx512SparseKernels);
  if (runs(Tier::kAvx512) && has_vbmi2()) add(kAvx512Vbmi2SparseKernels);
  return list;
}

}  // namespace enlace
