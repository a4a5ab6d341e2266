#include "nn/precision.h"

#include "math/tier.h"

namespace enlace {

Precision default_precision() noexcept {
  switch (current_tier()) {
    case Tier::kScalar: return Precision::kF32;
    case Tier::kAvx2:
    case Tier::kAvx512: return Precision::kInt8;
    case Tier::kAvx512Bf16: return multiplies_bf16_fast() ? Precision::kBf16 : Precision::kInt8;
    case Tier::kAmx: break;
  }
  return Precision::kBf16;
}

}  // namespace enlace
