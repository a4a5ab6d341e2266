#include "math/train_loops.h"

namespace enlace {

const TrainTables kAvx2TrainKernels{table_named<float>("avx2"), table_named<Bf16>("avx2")};

}  // namespace enlace
