#include "nn/linear.h"

#include <algorithm>
#include <cassert>

namespace enlace {
namespace {

constexpr std::size_t kMostRows = 64;
constexpr std::size_t kRowBytes = 26U << 10;  // of rows that stay in the first-level cache

/// Channels of the slices [first, last).
std::size_t channels(const Linear& layer, Range slices) noexcept {
  return std::min(slices.last * kSliceDepth, layer.in) - slices.first * kSliceDepth;
}

/// The same as they are in panels of T.
template <class T>
std::size_t depth_of(const Linear& layer, Range slices) noexcept {
  return packed_depth<T>(channels(layer, slices));
}

Range only(std::size_t slice) noexcept {
  return {slice, slice + 1};
}

std::size_t value_bytes(Precision precision) noexcept {
  return precision == Precision::kF32 ? 4 : precision == Precision::kBf16 ? 2 : 1;
}

}  // namespace

std::size_t Linear::weight_bytes() const noexcept {
  return in * out() * value_bytes(precision);
}

Activated ActivatedBuffer::shape(Precision precision, std::size_t rows, std::size_t cols) {
  if (precision == Precision::kF32) return {floats.shape(rows, cols), {}};
  return {{}, halves.shape(rows, cols)};
}

Activated ActivatedBuffer::view(Precision precision, std::size_t rows,
                                std::size_t cols) const noexcept {
  if (precision == Precision::kF32) return {floats.view(rows, cols), {}};
  return {{}, halves.view(rows, cols)};
}

void LinearInput::reset(const Linear& layer, MatrixView<const float> x, Range slices) {
  layer_ = &layer;
  slices_ = slices;
  rows_ = x.rows();
  floats_ = x;
  activated_ = {};
  if (layer.precision == Precision::kBf16) {
    halves_.shape(x.rows(), depth_of<Bf16>(layer, slices));
  } else if (layer.precision == Precision::kInt8) {
    make_room_for_bytes();
  }
}

void LinearInput::reset(const Linear& layer, const Activated& x, Range slices) {
  layer_ = &layer;
  slices_ = slices;
  rows_ = std::max(x.floats.rows(), x.halves.rows());
  floats_ = x.floats;
  activated_ = x.halves;
  if (layer.precision == Precision::kInt8) make_room_for_bytes();
}

void LinearInput::make_room_for_bytes() {
  bytes_.shape(slices_.size() * rows_, kSliceDepth);
  steps_.shape(slices_.size() * rows_, 1);
  shifts_.shape(slices_.size() * rows_, 1);
}

MatrixView<const Bf16> LinearInput::halves() const noexcept {
  if (activated_.rows() > 0) return activated_;
  return halves_.view(rows_, depth_of<Bf16>(*layer_, slices_));
}

void LinearInput::prepare(Range rows) {
  const Linear& layer = *layer_;
  if (layer.precision == Precision::kBf16 && floats_.rows() > 0) {
    const std::size_t width = channels(layer, slices_);
    const auto halves = halves_.view(rows_, depth_of<Bf16>(layer, slices_));
    for (std::size_t n = rows.first; n < rows.last; ++n) {
      kernels().to_bf16(floats_.row(n).data(), width, halves.row(n).data());
      std::fill(halves.row(n).begin() + std::ptrdiff_t(width), halves.row(n).end(), Bf16{0});
    }
  }
  if (layer.precision != Precision::kInt8) return;
  // What lies in the bytes above the channels of a slice does not matter: their weights are 0.
  for (std::size_t n = rows.first; n < rows.last; ++n) {
    for (std::size_t i = 0; i < slices_.size(); ++i) {
      const std::size_t slice = slices_.first + i, at = i * rows_ + n;
      const float* scale = layer.input_scale + slice * kSliceDepth;
      const std::size_t width = channels(layer, only(slice));
      std::uint8_t* bytes = bytes_.at(at * kSliceDepth);
      float* step = steps_.at(at);
      float* shift = shifts_.at(at);
      if (floats_.rows() > 0) {
        kernels().quantize(&floats_.row(n)[i * kSliceDepth], scale, width, bytes, step, shift);
      } else {
        kernels().quantize_halves(&activated_.row(n)[i * kSliceDepth], scale, width, bytes, step,
                                  shift);
      }
    }
  }
}

/// The products of blocks of an input's rows with panels.
class Multiplication {
 public:
  Multiplication(const LinearInput& input, LinearWorkspace& workspace)
      : input_(input),
        layer_(*input.layer_),
        slices_(input.slices_),
        sums_(workspace.sums.shape(kMostRows, kPanelWidth).data()),
        part_(workspace.part.shape(kMostRows, kPanelWidth).data()) {}

  /// Calls body(first row, rows, panel) for every block of rows and panel, in the order that keeps
  /// a group of panels in the second-level cache and a block of rows in the first.
  template <class Body>
  void for_each_block(Range rows, Range panels, const Body& body) const {
    const std::size_t row_bytes = channels(layer_, slices_) * value_bytes(layer_.precision);
    const std::size_t together =
        std::max<std::size_t>(1, cached_bytes() / (kPanelWidth * row_bytes));
    const std::size_t most = row_bytes * kMostRows <= kRowBytes ? kMostRows : kMostRows / 2;
    for (std::size_t group = panels.first; group < panels.last; group += together) {
      const std::size_t end = std::min(group + together, panels.last);
      for (std::size_t n = rows.first; n < rows.last; n += most) {
        const std::size_t count = std::min(most, rows.last - n);
        for (std::size_t p = group; p < end; ++p) body(n, count, p);
      }
    }
  }

  bool of_bytes() const noexcept { return layer_.precision == Precision::kInt8; }
  Range slices() const noexcept { return slices_; }
  Base bias(std::size_t p) const noexcept { return {layer_.bias + p * kPanelWidth, 0}; }

  /// Of f32 or halves: the sums of all slices, (count, kPanelWidth).
  const float* sums(std::size_t n, std::size_t count, std::size_t p) const noexcept {
    if (layer_.precision == Precision::kF32) {
      products().multiply_f32(input_.floats_.row(n).data(), input_.floats_.cols(), count,
                              panel<float>(p), channels(layer_, slices_), part_, kPanelWidth);
    } else {
      const auto halves = input_.halves();
      products().multiply_bf16(halves.row(n).data(), halves.cols(), count, panel<Bf16>(p),
                               depth_of<Bf16>(layer_, slices_), part_, kPanelWidth);
    }
    return part_;
  }

  /// Of bytes: what the sums of one slice are finished from.
  struct SliceSums {
    const std::int32_t* sums;
    QuantizedRows rows;
    QuantizedColumns columns;
  };
  SliceSums slice_sums(std::size_t slice, std::size_t n, std::size_t count,
                       std::size_t p) const noexcept {
    const std::size_t row = (slice - slices_.first) * input_.rows_ + n;
    const std::size_t depth = depth_of<std::int8_t>(layer_, only(slice));
    const auto* weight = static_cast<const std::int8_t*>(layer_.weight) +
                         slice * kSliceDepth * layer_.out() + p * depth * kPanelWidth;
    products().multiply_int8(input_.bytes_.at(row * kSliceDepth), kSliceDepth, count, weight, depth,
                             sums_, kPanelWidth);
    const std::size_t column = slice * layer_.out() + p * kPanelWidth;
    return {sums_,
            {input_.steps_.at(row), input_.shifts_.at(row)},
            {layer_.scale + column, layer_.column_sum + column}};
  }

  /// Of bytes: base and the slices [slices.first, slices.last), in `to`.
  void add_slices(Range slices, std::size_t n, std::size_t count, std::size_t p, Base base,
                  float* to, std::size_t stride) const noexcept {
    for (std::size_t slice = slices.first; slice < slices.last; ++slice) {
      const SliceSums of = slice_sums(slice, n, count, p);
      kernels().dequantize(of.sums, count, of.rows, of.columns, base, to, stride);
      base = {to, stride};
    }
  }

  float* part() const noexcept { return part_; }

 private:
  template <class T>
  const T* panel(std::size_t p) const noexcept {
    return static_cast<const T*>(layer_.weight) +
           (p * packed_depth<T>(layer_.in) + slices_.first * kSliceDepth) * kPanelWidth;
  }

  const LinearInput& input_;
  const Linear& layer_;
  Range slices_;
  std::int32_t* sums_;
  float* part_;
};

void multiply(const LinearInput& input, Range rows, Range panels, Start start,
              LinearWorkspace& workspace, MatrixView<float> y) {
  const Multiplication product(input, workspace);
  product.for_each_block(rows, panels, [&](std::size_t n, std::size_t count, std::size_t p) {
    float* to = y.row(n - rows.first).data() + p * kPanelWidth;
    const Base base = start == Start::kBias ? product.bias(p) : Base{to, y.cols()};
    if (product.of_bytes()) {
      product.add_slices(product.slices(), n, count, p, base, to, y.cols());
    } else {
      kernels().add(product.sums(n, count, p), count, base, to, y.cols());
    }
  });
}

void multiply_gelu(const LinearInput& input, Range rows, Range panels, std::size_t first,
                   LinearWorkspace& workspace, const Activated& y) {
  const Multiplication product(input, workspace);
  product.for_each_block(rows, panels, [&](std::size_t n, std::size_t count, std::size_t p) {
    const std::size_t column = (p - first) * kPanelWidth;
    Base base = product.bias(p);
    if (!product.of_bytes()) {
      const float* sums = product.sums(n, count, p);
      if (y.halves.rows() > 0) {
        kernels().add_gelu_bf16(sums, count, base, &y.halves.row(n - rows.first)[column],
                                y.halves.cols());
      } else {
        kernels().add_gelu(sums, count, base, &y.floats.row(n - rows.first)[column],
                           y.floats.cols());
      }
      return;
    }
    const std::size_t last = product.slices().last - 1;
    if (last > product.slices().first) {
      product.add_slices({product.slices().first, last}, n, count, p, base, product.part(),
                         kPanelWidth);
      base = {product.part(), kPanelWidth};
    }
    const auto of = product.slice_sums(last, n, count, p);
    kernels().dequantize_gelu_half(of.sums, count, of.rows, of.columns, base,
                                   &y.halves.row(n - rows.first)[column], y.halves.cols());
  });
}

}  // namespace enlace
