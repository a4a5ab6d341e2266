// The loops of math/train_kernels.h, on vectors as wide as the instruction set of the file has.
// Only for the files that are compiled for one; each defines a table with `kTrainTables`.
#pragma once

#include "math/train_attention_loops.h"
#include "math/train_packing_loops.h"
#include "math/train_row_loops.h"

namespace enlace {
namespace {

template <class T>
constexpr TrainKernels<T> table_named(const char* name) noexcept {
  return {name,
          round<T>,
          gelu<T>,
          gelu_gradient<T>,
          add_normalize<T>,
          normalize_gradient<T>,
          add_to_sums<T>,
          drop,
          attend<T>,
          attend_gradient<T>,
          pack_depth,
          pack_columns<T>,
          transpose,
          adam,
          square_sum};
}

#undef ENLACE_INLINE

}  // namespace
}  // namespace enlace