// Memory for floats that the kernels like: aligned, and on huge pages where there are many.
#pragma once

#include <cstddef>
#include <memory>

#include "math/matrix.h"

namespace enlace {

struct FreeFloats {
  void operator()(float* values) const noexcept;
};
using FloatMemory = std::unique_ptr<float[], FreeFloats>;

/// `count` zeros, at a multiple of 64 bytes and on huge pages where the system grants them.
/// Throws std::bad_alloc.
FloatMemory allocate_floats(std::size_t count);

/// A matrix whose shape changes from use to use and whose memory only grows: a thread's scratch.
class FloatBuffer {
 public:
  /// (rows, cols) with unspecified content; ends the views given before.
  MatrixView<float> shape(std::size_t rows, std::size_t cols) {
    if (rows * cols > capacity_) {
      values_ = allocate_floats(rows * cols);
      capacity_ = rows * cols;
    }
    return {values_.get(), rows, cols};
  }

 private:
  FloatMemory values_;
  std::size_t capacity_ = 0;
};

}  // namespace enlace
