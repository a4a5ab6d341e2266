#include "math/tier.h"
#include "math/train_kernels.h"

namespace enlace {

const TrainTables& train_tables() noexcept {
  switch (current_tier()) {
    case Tier::kScalar: return kScalarTrainKernels;
    case Tier::kAvx2: return kAvx2TrainKernels;
    default: return kAvx512TrainKernels;
  }
}

TrainTableList runnable_train_tables() noexcept {
  TrainTableList list{};
  const auto add = [&list](const TrainTables& tables) { list.tables[list.count++] = &tables; };
  add(kScalarTrainKernels);
  if (runs(Tier::kAvx2)) add(kAvx2TrainKernels);
  if (runs(Tier::kAvx512)) add(kAvx512TrainKernels);
  return list;
}

}  // namespace enlace
