#include "math/packed_matrix.h"

namespace enlace {

PackedMatrix::PackedMatrix(MatrixView<const float> b) : rows_(b.rows()), depth_(b.cols()) {
  values_ = allocate_floats(padded_rows() * depth_);
  for (std::size_t n = 0; n < rows_; ++n) {
    float* column = values_.get() + n / kPanelWidth * depth_ * kPanelWidth + n % kPanelWidth;
    for (std::size_t k = 0; k < depth_; ++k) column[k * kPanelWidth] = b.row(n)[k];
  }
}

void multiply(MatrixView<const float> a, const PackedMatrix& b, MatrixView<float> c) noexcept {
  assert(a.cols() == b.depth() && c.rows() == a.rows() && c.cols() == b.padded_rows());
  const auto multiply_panel = kernels().multiply_panel;
  for (std::size_t p = 0; p < b.panels(); ++p) {
    multiply_panel(a.data(), a.cols(), a.rows(), b.panel(p), b.depth(), c.data() + p * kPanelWidth,
                   c.cols());
  }
}

}  // namespace enlace
