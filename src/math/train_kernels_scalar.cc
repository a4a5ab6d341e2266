#include "math/train_loops.h"

namespace enlace {

const TrainTables kScalarTrainKernels{table_named<float>("scalar"), table_named<Bf16>("scalar")};

}  // namespace enlace
