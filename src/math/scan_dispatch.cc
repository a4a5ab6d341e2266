#include "math/scan_kernels.h"
#include "math/tier.h"

namespace enlace {
namespace {

const ScanKernels& table_of(Tier tier) noexcept {
  switch (tier) {
    case Tier::kScalar: return kScalarScanKernels;
    case Tier::kAvx2: return kAvx2ScanKernels;
    default: return kAvx512ScanKernels;
  }
}

}  // namespace

const ScanKernels& scan_kernels() noexcept {
  static const ScanKernels& picked = table_of(current_tier());
  return picked;
}

ScanKernelList runnable_scan_kernels() noexcept {
  ScanKernelList list{};
  for (const Tier tier : {Tier::kScalar, Tier::kAvx2, Tier::kAvx512}) {
    if (runs(tier)) list.tables[list.count++] = &table_of(tier);
  }
  return list;
}

}  // namespace enlace
