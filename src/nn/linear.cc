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

/// One slice of the depth: its bytes (N, depth), and the step and zero of each row.
struct SliceInput {
  MatrixView<std::uint8_t> bytes;
  float* steps;
  std::int32_t* zeros;
};

/// What lies in the columns of the bytes above those of the slice does not matter: their weights
/// are 0.
SliceInput quantize_slice(const Linear& layer, std::size_t slice, MatrixView<const float> x,
                          LinearWorkspace& workspace) {
  const std::size_t first = slice * kSliceDepth;
  const std::size_t width = std::min(kSliceDepth, layer.in - first);
  const std::size_t N = x.rows();
  SliceInput input{workspace.bytes.shape(N, packed_depth<std::int8_t>(width)),
                   workspace.steps.shape(1, N).data(), workspace.zeros.shape(1, N).data()};
  for (std::size_t n = 0; n < N; ++n) {
    kernels().quantize(x.row(n).data() + first, layer.input_scale + first, width,
                       input.bytes.row(n).data(), input.steps + n, input.zeros + n);
  }
  return input;
}

void apply_int8(const Linear& layer, MatrixView<const float> x, Activation activation,
                LinearWorkspace& workspace, MatrixView<float> y, Panels panels) {
  std::int32_t* sums = workspace.sums.shape(kBlockRows, kPanelWidth).data();
  const auto* weight = static_cast<const std::int8_t*>(layer.weight);
  for (std::size_t slice = 0; slice < layer.slices(); ++slice) {
    const SliceInput input = quantize_slice(layer, slice, x, workspace);
    const std::size_t depth = input.bytes.cols();
    const bool last = slice + 1 == layer.slices();
    const auto finish = last && activation == Activation::kGelu ? kernels().dequantize_rough_gelu
                                                                : kernels().dequantize;
    for (std::size_t p = panels.first; p < panels.last; ++p) {
      const std::size_t column = p * kPanelWidth;
      const std::size_t of_slice = slice * layer.out() + column;
      for (std::size_t n = 0; n < x.rows(); n += kBlockRows) {
        const std::size_t rows = std::min(kBlockRows, x.rows() - n);
        float* to = y.row(n).data() + column;
        products().multiply_int8(input.bytes.row(n).data(), depth, rows,
                                 weight + p * depth * kPanelWidth, depth, sums, kPanelWidth);
        finish(sums, rows, {input.steps + n, input.zeros + n},
               {layer.scale + of_slice, layer.column_sum + of_slice},
               slice == 0 ? layer.bias + column : to, slice == 0 ? 0 : y.cols(), to, y.cols());
      }
    }
    weight += layer.panels * depth * kPanelWidth;
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
