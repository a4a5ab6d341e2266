#include "math/packed_matrix.h"

namespace enlace {

PackedMatrix::PackedMatrix(MatrixView<const float> b) : rows_(b.rows()), depth_(b.cols()) {
  values_ = allocate<float>(padded_rows() * depth_);
  pack(b, values_.get());
}

void multiply(MatrixView<const float> a, const PackedMatrix& b, MatrixView<float> c) noexcept {
  assert(a.cols() == b.depth() && c.rows() == a.rows() && c.cols() == b.padded_rows());
  for (std::size_t p = 0; p < b.panels(); ++p) {
    products().multiply_f32(a.data(), a.cols(), a.rows(), b.panel(p), b.depth(),
                            c.data() + p * kPanelWidth, c.cols());
  }
}

}  // namespace enlace
