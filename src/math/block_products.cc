#include "math/block_products.h"

#include "math/tier.h"

namespace enlace {
namespace {

/// Calls finish(sums, first column) for the products with each panel of a block.
template <class Sum, class A, class B, class Multiply, class Finish>
void for_each_panel(const Block<A, B>& block, Multiply multiply, const Finish& finish) noexcept {
  alignas(64) Sum sums[kMostBlockRows * kPanelWidth];
  for (std::size_t p = 0; p < block.count; ++p) {
    multiply(block.rows, block.stride, block.m, block.panels + p * block.panel_stride, block.depth,
             sums, kPanelWidth);
    finish(sums, p * kPanelWidth);
  }
}

Base from(Base base, std::size_t column) noexcept {
  return {base.values + column, base.stride};
}

HalfBase from(HalfBase base, std::size_t column) noexcept {
  return {base.bias == nullptr ? nullptr : base.bias + column,
          base.values == nullptr ? nullptr : base.values + column, base.stride};
}

QuantizedColumns from(QuantizedColumns columns, std::size_t column) noexcept {
  return {columns.scale + column, columns.sum + column};
}

/// Products of floats or halves, whose sums `finish` adds to the base.
template <class A, class B, class Multiply, class Finish, class T>
void add_sums(const Block<A, B>& block, Multiply multiply, Finish finish, Base base, T* c,
              std::size_t c_stride) noexcept {
  for_each_panel<float>(block, multiply, [&](const float* sums, std::size_t column) {
    finish(sums, block.m, from(base, column), c + column, c_stride);
  });
}

/// The same of bytes.
template <class Finish, class B, class T>
void add_bytes(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
               const Finish& finish, B base, T* c, std::size_t c_stride) noexcept {
  for_each_panel<std::int32_t>(block, products().multiply_narrow_int8,
                               [&](const std::int32_t* sums, std::size_t column) {
                                 finish(sums, block.m, scales.rows, from(scales.columns, column),
                                        from(base, column), c + column, c_stride);
                               });
}

/// Rounds a block of floats to a block of c.
void round_block(const float* floats, std::size_t m, Bf16* c, std::size_t c_stride) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    kernels().to_bf16(floats + i * kPanelWidth, kPanelWidth, c + i * c_stride);
  }
}

void floats_to_floats(const Block<float, float>& block, Base base, float* c,
                      std::size_t c_stride) noexcept {
  add_sums(block, products().multiply_f32, kernels().add, base, c, c_stride);
}

void floats_to_gelu(const Block<float, float>& block, Base base, float* c,
                    std::size_t c_stride) noexcept {
  add_sums(block, products().multiply_f32, kernels().add_gelu, base, c, c_stride);
}

void bf16_to_floats(const Block<Bf16, Bf16>& block, Base base, float* c,
                    std::size_t c_stride) noexcept {
  add_sums(block, products().multiply_bf16, kernels().add, base, c, c_stride);
}

void bf16_to_bf16(const Block<Bf16, Bf16>& block, Base base, Bf16* c,
                  std::size_t c_stride) noexcept {
  const auto round = [](const float* sums, std::size_t m, Base before, Bf16* to,
                        std::size_t stride) {
    float floats[kMostBlockRows * kPanelWidth];
    kernels().add(sums, m, before, floats, kPanelWidth);
    round_block(floats, m, to, stride);
  };
  add_sums(block, products().multiply_bf16, round, base, c, c_stride);
}

void bf16_to_gelu(const Block<Bf16, Bf16>& block, Base base, Bf16* c,
                  std::size_t c_stride) noexcept {
  add_sums(block, products().multiply_bf16, kernels().add_gelu_bf16, base, c, c_stride);
}

void bytes_to_floats(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                     Base base, float* c, std::size_t c_stride) noexcept {
  add_bytes(block, scales, kernels().dequantize, base, c, c_stride);
}

void bytes_to_bf16(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                   HalfBase base, Bf16* c, std::size_t c_stride) noexcept {
  const auto round = [](const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                        QuantizedColumns columns, HalfBase before, Bf16* to, std::size_t stride) {
    Half halves[kMostBlockRows * kPanelWidth];
    float floats[kMostBlockRows * kPanelWidth];
    kernels().dequantize_half(sums, m, rows, columns, before, halves, kPanelWidth);
    kernels().from_halves(halves, m * kPanelWidth, floats);
    round_block(floats, m, to, stride);
  };
  add_bytes(block, scales, round, base, c, c_stride);
}

void bytes_to_halves(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                     HalfBase base, Half* c, std::size_t c_stride) noexcept {
  add_bytes(block, scales, kernels().dequantize_half, base, c, c_stride);
}

void bytes_to_gelu(const Block<std::uint8_t, std::int8_t>& block, const BlockScales& scales,
                   HalfBase base, Half* c, std::size_t c_stride) noexcept {
  add_bytes(block, scales, kernels().dequantize_gelu_half, base, c, c_stride);
}

}  // namespace

const BlockProducts kComposedBlockProducts{
    "composed",   floats_to_floats, floats_to_gelu, bf16_to_floats,  bf16_to_bf16,
    bf16_to_gelu, bytes_to_floats,  bytes_to_bf16,  bytes_to_halves, bytes_to_gelu};

const BlockProducts& block_products() noexcept {
  static const BlockProducts picked =
      current_tier() == Tier::kAmx ? with_tiles(kComposedBlockProducts) : kComposedBlockProducts;
  return picked;
}

}  // namespace enlace
