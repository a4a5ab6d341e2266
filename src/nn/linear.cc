#include "nn/linear.h"

#include <algorithm>
#include <cassert>

#include "math/block_products.h"

namespace enlace {
namespace {

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

States States::slice(std::size_t first, std::size_t last) const noexcept {
  if (halves.rows() > 0) return {{}, halves.slice(first, last)};
  return {floats.slice(first, last), {}};
}

States StatesBuffer::shape(bool in_halves, std::size_t rows, std::size_t cols) {
  if (in_halves) {
    halves.shape(rows + kRowsReadTogether, cols);
  } else {
    floats.shape(rows, cols);
  }
  return view(in_halves, rows, cols);
}

States StatesBuffer::view(bool in_halves, std::size_t rows, std::size_t cols) const noexcept {
  if (in_halves) return {{}, halves.view(rows, cols)};
  return {floats.view(rows, cols), {}};
}

void LinearInput::reset(const Linear& layer, const States& x, Range slices) {
  layer_ = &layer;
  slices_ = slices;
  rows_ = x.rows();
  x_ = x;
  if (layer.precision == Precision::kBf16 && x.halves.rows() == 0) {
    halves_.shape(rows_ + kRowsReadTogether, depth_of<Bf16>(layer, slices));
  } else if (layer.precision == Precision::kInt8) {
    make_room_for_bytes();
  }
}

void LinearInput::make_room_for_bytes() {
  bytes_.shape(slices_.size() * rows_ + kRowsReadTogether, kSliceDepth);
  steps_.shape(slices_.size() * rows_, 1);
  shifts_.shape(slices_.size() * rows_, 1);
}

MatrixView<const Bf16> LinearInput::halves() const noexcept {
  if (x_.halves.rows() > 0) return x_.halves;
  return halves_.view(rows_, depth_of<Bf16>(*layer_, slices_));
}

void LinearInput::prepare(Range rows) {
  const Linear& layer = *layer_;
  if (layer.precision == Precision::kBf16 && x_.floats.rows() > 0) {
    const std::size_t width = channels(layer, slices_);
    const auto halves = halves_.view(rows_, depth_of<Bf16>(layer, slices_));
    for (std::size_t n = rows.first; n < rows.last; ++n) {
      kernels().to_bf16(x_.floats.row(n).data(), width, halves.row(n).data());
      std::fill(halves.row(n).begin() + std::ptrdiff_t(width), halves.row(n).end(), Bf16{0});
    }
  }
  if (layer.precision != Precision::kInt8) return;
  // What lies in the bytes above the channels of a slice does not matter: their weights are 0.
  for (std::size_t i = 0; i < slices_.size(); ++i) {
    const std::size_t slice = slices_.first + i, at = i * rows_ + rows.first;
    const float* scale = layer.input_scale + slice * kSliceDepth;
    const std::size_t width = channels(layer, only(slice));
    const BytesOfRows to{bytes_.at(at * kSliceDepth), kSliceDepth, steps_.at(at), shifts_.at(at)};
    if (x_.floats.rows() > 0) {
      kernels().quantize(&x_.floats.row(rows.first)[i * kSliceDepth], x_.floats.cols(), rows.size(),
                         scale, width, to);
    } else {
      kernels().quantize_halves(&x_.halves.row(rows.first)[i * kSliceDepth], x_.halves.cols(),
                                rows.size(), scale, width, to);
    }
  }
}

/// The products of an input's rows with panels, block by block.
class Multiplication {
 public:
  Multiplication(const LinearInput& input, LinearWorkspace& workspace)
      : input_(input), layer_(*input.layer_), slices_(input.slices_), workspace_(workspace) {}

  /// Calls body(rows, panels) for blocks of both, in the order that keeps the panels of a block in
  /// the second-level cache, and its rows in the first.
  template <class Body>
  void for_each_block(Range rows, Range panels, const Body& body) const {
    const std::size_t row_bytes = channels(layer_, slices_) * value_bytes(layer_.precision);
    const std::size_t most_panels =
        std::max<std::size_t>(1, cached_bytes() / (kPanelWidth * row_bytes));
    const std::size_t most_rows =
        row_bytes * kMostBlockRows <= kRowBytes ? kMostBlockRows : kMostBlockRows / 2;
    for (std::size_t p = panels.first; p < panels.last; p += most_panels) {
      const Range some_panels{p, std::min(p + most_panels, panels.last)};
      for (std::size_t n = rows.first; n < rows.last; n += most_rows) {
        body(Range{n, std::min(n + most_rows, rows.last)}, some_panels);
      }
    }
  }

  void to_floats(Range rows, Range panels, Base base, float* to,
                 std::size_t stride) const noexcept {
    switch (layer_.precision) {
      case Precision::kF32:
        return block_products().floats_to_floats(floats(rows, panels), base, to, stride);
      case Precision::kBf16:
        return block_products().bf16_to_floats(halves(rows, panels), base, to, stride);
      case Precision::kInt8: return add_slices(slices_, rows, panels, base, to, stride);
    }
  }

  /// Only in int8.
  void to_halves(Range rows, Range panels, HalfBase base, Half* to,
                 std::size_t stride) const noexcept {
    add_slices(slices_, rows, panels, base, to, stride);
  }

  /// Column 0 of y is that of panel `first`.
  void to_gelu(Range rows, Range panels, std::size_t row, std::size_t first, const States& y) {
    const std::size_t column = (panels.first - first) * kPanelWidth;
    switch (layer_.precision) {
      case Precision::kF32:
        return block_products().floats_to_gelu(floats(rows, panels), bias(panels.first),
                                               &y.floats.row(row)[column], y.floats.cols());
      case Precision::kBf16:
        return block_products().bf16_to_gelu(halves(rows, panels), bias(panels.first),
                                             &y.halves.row(row)[column], y.halves.cols());
      case Precision::kInt8: break;
    }
    const std::size_t last = slices_.last - 1;
    const HalfBase base = all_but_last(rows, panels);
    block_products().bytes_to_gelu(bytes(last, rows, panels), scales(last, rows, panels), base,
                                   &y.halves.row(row)[column], y.halves.cols());
  }

  void to_bf16(Range rows, Range panels, Bf16* to, std::size_t stride) {
    if (layer_.precision == Precision::kBf16) {
      return block_products().bf16_to_bf16(halves(rows, panels), bias(panels.first), to, stride);
    }
    const std::size_t last = slices_.last - 1;
    const HalfBase base = all_but_last(rows, panels);
    block_products().bytes_to_bf16(bytes(last, rows, panels), scales(last, rows, panels), base, to,
                                   stride);
  }

  Base bias(std::size_t p) const noexcept { return {layer_.bias + p * kPanelWidth, 0}; }
  HalfBase half_bias(std::size_t p) const noexcept {
    return {layer_.bias + p * kPanelWidth, nullptr, 0};
  }

 private:
  Block<float, float> floats(Range rows, Range panels) const noexcept {
    const auto x = input_.x_.floats;
    return {x.row(rows.first).data(),
            x.cols(),
            rows.size(),
            panel<float>(panels.first),
            panel_stride<float>(),
            channels(layer_, slices_),
            panels.size()};
  }

  Block<Bf16, Bf16> halves(Range rows, Range panels) const noexcept {
    const auto x = input_.halves();
    return {x.row(rows.first).data(),
            x.cols(),
            rows.size(),
            panel<Bf16>(panels.first),
            panel_stride<Bf16>(),
            depth_of<Bf16>(layer_, slices_),
            panels.size()};
  }

  Block<std::uint8_t, std::int8_t> bytes(std::size_t slice, Range rows,
                                         Range panels) const noexcept {
    const std::size_t depth = depth_of<std::int8_t>(layer_, only(slice));
    const auto* weight = static_cast<const std::int8_t*>(layer_.weight) +
                         slice * kSliceDepth * layer_.out() + panels.first * depth * kPanelWidth;
    return {input_.bytes_.at(row_of(slice, rows) * kSliceDepth),
            kSliceDepth,
            rows.size(),
            weight,
            depth * kPanelWidth,
            depth,
            panels.size()};
  }

  BlockScales scales(std::size_t slice, Range rows, Range panels) const noexcept {
    const std::size_t row = row_of(slice, rows);
    const std::size_t column = slice * layer_.out() + panels.first * kPanelWidth;
    return {{input_.steps_.at(row), input_.shifts_.at(row)},
            {layer_.scale + column, layer_.column_sum + column}};
  }

  std::size_t row_of(std::size_t slice, Range rows) const noexcept {
    return (slice - slices_.first) * input_.rows_ + rows.first;
  }

  /// What the last slice of bytes is to be added to.
  HalfBase all_but_last(Range rows, Range panels) {
    const HalfBase bias = half_bias(panels.first);
    if (slices_.size() == 1) return bias;
    const auto part = workspace_.part.shape(rows.size(), panels.size() * kPanelWidth);
    add_slices({slices_.first, slices_.last - 1}, rows, panels, bias, part.data(), part.cols());
    return {nullptr, part.data(), part.cols()};
  }

  /// base and some slices of bytes.
  void add_slices(Range slices, Range rows, Range panels, Base base, float* to,
                  std::size_t stride) const noexcept {
    for (std::size_t slice = slices.first; slice < slices.last; ++slice) {
      block_products().bytes_to_floats(bytes(slice, rows, panels), scales(slice, rows, panels),
                                       base, to, stride);
      base = {to, stride};
    }
  }
  void add_slices(Range slices, Range rows, Range panels, HalfBase base, Half* to,
                  std::size_t stride) const noexcept {
    for (std::size_t slice = slices.first; slice < slices.last; ++slice) {
      block_products().bytes_to_halves(bytes(slice, rows, panels), scales(slice, rows, panels),
                                       base, to, stride);
      base = {nullptr, to, stride};
    }
  }

  template <class T>
  std::size_t panel_stride() const noexcept {
    return packed_depth<T>(layer_.in) * kPanelWidth;
  }

  template <class T>
  const T* panel(std::size_t p) const noexcept {
    return static_cast<const T*>(layer_.weight) + p * panel_stride<T>() +
           slices_.first * kSliceDepth * kPanelWidth;
  }

  const LinearInput& input_;
  const Linear& layer_;
  Range slices_;
  LinearWorkspace& workspace_;
};

void multiply(const LinearInput& input, Range rows, Range panels, Start start,
              LinearWorkspace& workspace, const States& y) {
  const Multiplication product(input, workspace);
  const bool anew = start == Start::kBias;
  product.for_each_block(rows, panels, [&](Range some_rows, Range some_panels) {
    const std::size_t row = some_rows.first - rows.first, column = some_panels.first * kPanelWidth;
    if (y.halves.rows() > 0) {
      Half* to = &y.halves.row(row)[column];
      const HalfBase base =
          anew ? product.half_bias(some_panels.first) : HalfBase{nullptr, to, y.halves.cols()};
      product.to_halves(some_rows, some_panels, base, to, y.halves.cols());
    } else {
      float* to = &y.floats.row(row)[column];
      const Base base = anew ? product.bias(some_panels.first) : Base{to, y.floats.cols()};
      product.to_floats(some_rows, some_panels, base, to, y.floats.cols());
    }
  });
}

void multiply(const LinearInput& input, Range rows, Range panels, LinearWorkspace& workspace,
              MatrixView<Bf16> y) {
  Multiplication product(input, workspace);
  product.for_each_block(rows, panels, [&](Range some_rows, Range some_panels) {
    const auto row = y.row(some_rows.first - rows.first);
    product.to_bf16(some_rows, some_panels, &row[some_panels.first * kPanelWidth], y.cols());
  });
}

void multiply_gelu(const LinearInput& input, Range rows, Range panels, std::size_t first,
                   LinearWorkspace& workspace, const States& y) {
  Multiplication product(input, workspace);
  product.for_each_block(rows, panels, [&](Range some_rows, Range some_panels) {
    product.to_gelu(some_rows, some_panels, some_rows.first - rows.first, first, y);
  });
}

}  // namespace enlace
