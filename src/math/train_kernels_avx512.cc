#include "math/train_loops.h"

namespace enlace {

const TrainTables kAvx512TrainKernels{table_named<float>("avx512"), table_named<Bf16>("avx512")};

}  // namespace enlace
