#include "math/packed_matrix.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include <sys/mman.h>

namespace enlace {
namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kHugePage = 2U << 20;

float* allocate(std::size_t count) {
  const std::size_t unit = count * sizeof(float) < kHugePage ? kCacheLine : kHugePage;
  const std::size_t bytes = (count * sizeof(float) + unit - 1) / unit * unit;
  void* memory = std::aligned_alloc(unit, bytes);
  if (memory == nullptr) throw std::bad_alloc();
  if (unit == kHugePage) ::madvise(memory, bytes, MADV_HUGEPAGE);  // a refusal costs speed only
  std::memset(memory, 0, bytes);
  return static_cast<float*>(memory);
}

}  // namespace

void PackedMatrix::Release::operator()(float* values) const noexcept {
  std::free(values);
}

PackedMatrix::PackedMatrix(MatrixView<const float> b) : rows_(b.rows()), depth_(b.cols()) {
  values_.reset(allocate(padded_rows() * depth_));
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
