#include "nn/linear.h"

#include <algorithm>
#include <cassert>

namespace enlace {
namespace {

constexpr std::size_t kBlockRows = 48;  // whose sums stay in the first-level cache

template <class T>
const T* panel_of(const Linear& layer, std::size_t p) noexcept {
  return static_cast<const T*>(layer.weight) + p * packed_depth<T>(layer.in) * kPanelWidth;
}

struct Panels {
  std::size_t first, last;
};

void apply_f32(const Linear& layer, MatrixView<const float> x, Activation activation,
               MatrixView<float> y, Panels panels) {
  const auto finish =
      activation == Activation::kGelu ? kernels().add_bias_gelu : kernels().add_bias;
  for (std::size_t p = panels.first; p < panels.last; ++p) {
    float* columns = y.data() + p * kPanelWidth;
    products().multiply_f32(x.data(), x.cols(), x.rows(), panel_of<float>(layer, p), layer.in,
                            columns, y.cols());
    finish(columns, y.cols(), y.rows(), layer.bias + p * kPanelWidth);
  }
}

void apply_bf16(const Linear& layer, MatrixView<const float> x, Activation activation,
                LinearWorkspace& workspace, MatrixView<float> y, Panels panels) {
  const auto finish =
      activation == Activation::kGelu ? kernels().add_bias_rough_gelu : kernels().add_bias;
  const std::size_t depth = packed_depth<Bf16>(layer.in);
  const auto halves = workspace.halves.shape(x.rows(), depth);
  for (std::size_t n = 0; n < x.rows(); ++n) {
    kernels().to_bf16(x.row(n).data(), layer.in, halves.row(n).data());
    std::fill(halves.row(n).begin() + std::ptrdiff_t(layer.in), halves.row(n).end(), Bf16{0});
  }
  for (std::size_t p = panels.first; p < panels.last; ++p) {
    float* columns = y.data() + p * kPanelWidth;
    products().multiply_bf16(halves.data(), depth, x.rows(), panel_of<Bf16>(layer, p), depth,
                             columns, y.cols());
    finish(columns, y.cols(), y.rows(), layer.bias + p * kPanelWidth);
  }
}

void apply_int8(const Linear& layer, MatrixView<const float> x, Activation activation,
                LinearWorkspace& workspace, MatrixView<float> y, Panels panels) {
  const auto finish =
      activation == Activation::kGelu ? kernels().dequantize_rough_gelu : kernels().dequantize;
  const std::size_t N = x.rows();
  const std::size_t depth = packed_depth<std::int8_t>(layer.in);
  // What lies in the columns above layer.in does not matter: their weights are 0.
  const auto bytes = workspace.bytes.shape(N, depth);
  float* steps = workspace.steps.shape(1, N).data();
  std::int32_t* zeros = workspace.zeros.shape(1, N).data();
  std::int32_t* sums = workspace.sums.shape(kBlockRows, kPanelWidth).data();
  for (std::size_t n = 0; n < N; ++n) {
    kernels().quantize(x.row(n).data(), layer.input_scale, layer.in, bytes.row(n).data(), steps + n,
                       zeros + n);
  }
  for (std::size_t p = panels.first; p < panels.last; ++p) {
    const std::size_t column = p * kPanelWidth;
    for (std::size_t n = 0; n < N; n += kBlockRows) {
      const std::size_t rows = std::min(kBlockRows, N - n);
      products().multiply_int8(bytes.row(n).data(), depth, rows, panel_of<std::int8_t>(layer, p),
                               depth, sums, kPanelWidth);
      finish(sums, rows, {steps + n, zeros + n}, {layer.scale + column, layer.column_sum + column},
             layer.bias + column, y.row(n).data() + column, y.cols());
    }
  }
}

}  // namespace

void apply(const Linear& layer, MatrixView<const float> x, Activation activation,
           LinearWorkspace& workspace, MatrixView<float> y, std::size_t first, std::size_t last) {
  assert(x.cols() >= layer.in && y.cols() >= layer.out() && last <= layer.panels);
  switch (layer.precision) {
    case Precision::kF32: return apply_f32(layer, x, activation, y, {first, last});
    case Precision::kBf16: return apply_bf16(layer, x, activation, workspace, y, {first, last});
    case Precision::kInt8: return apply_int8(layer, x, activation, workspace, y, {first, last});
  }
}

}  // namespace enlace
