#include <cstdlib>
#include <string_view>

#include "math/kernels.h"

namespace enlace {
namespace {

/// The best runnable table, unless ENLACE_ISA names another runnable one. This is the only place
/// where the library reads the environment: so that any result can be checked in the field.
const Kernels& pick() noexcept {
  const KernelList list = runnable_kernels();
  const char* wanted = std::getenv("ENLACE_ISA");
  for (std::size_t i = 0; wanted != nullptr && i < list.count; ++i) {
    if (std::string_view(wanted) == list.tables[i]->name) return *list.tables[i];
  }
  return *list.tables[list.count - 1];
}

}  // namespace

KernelList runnable_kernels() noexcept {
  KernelList list{{&kScalarKernels}, 1};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    list.tables[list.count++] = &kAvx2Kernels;
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    list.tables[list.count++] = &kAvx512Kernels;
  }
  return list;
}

const Kernels& kernels() noexcept {
  static const Kernels& picked = pick();
  return picked;
}

}  // namespace enlace
