// Products of whole matrices, for training: blocks of rows by panels, in f32 or bf16.
#pragma once

#include <algorithm>

#include "math/block_products.h"
#include "math/buffer.h"
#include "math/packed_matrix.h"
#include "math/train_kernels.h"

namespace enlace {

/// Rows of one side of a product. Rows as far as to a multiple of kRowsReadTogether may be read.
template <class T>
struct ProductRows {
  const T* values;
  std::size_t stride;
  std::size_t count;
};

/// The other side: panels of kPanelWidth columns, `depth` deep, `stride` values apart.
template <class T>
struct ProductPanels {
  const T* values;
  std::size_t stride;
  std::size_t count;
  std::size_t depth;
};

inline void multiply_block(const Block<float, float>& block, Base base, float* c,
                           std::size_t c_stride) noexcept {
  block_products().floats_to_floats(block, base, c, c_stride);
}
inline void multiply_block(const Block<Bf16, Bf16>& block, Base base, float* c,
                           std::size_t c_stride) noexcept {
  block_products().bf16_to_floats(block, base, c, c_stride);
}
inline void multiply_block(const Block<Bf16, Bf16>& block, Base base, Bf16* c,
                           std::size_t c_stride) noexcept {
  block_products().bf16_to_bf16(block, base, c, c_stride);
}

/// c = base + rows panels, c (rows, panels x kPanelWidth) of float or T. As many panels as stay in
/// the second-level cache are used for all rows before others. Requires a ProductScope.
template <class T, class C>
void multiply_all(ProductRows<T> rows, ProductPanels<T> panels, Base base, C* c,
                  std::size_t c_stride) noexcept {
  const std::size_t bytes = panels.depth * kPanelWidth * sizeof(T);
  const std::size_t together = std::clamp<std::size_t>(cached_bytes() / bytes, 1, panels.count);
  for (std::size_t p = 0; p < panels.count; p += together) {
    const std::size_t count = std::min(together, panels.count - p);
    const std::size_t column = p * kPanelWidth;
    for (std::size_t i = 0; i < rows.count; i += kMostBlockRows) {
      const std::size_t m = std::min(kMostBlockRows, rows.count - i);
      multiply_block(
          Block<T, T>{rows.values + i * rows.stride, rows.stride, m,
                      panels.values + p * panels.stride, panels.stride, panels.depth, count},
          Base{base.values + i * base.stride + column, base.stride}, c + i * c_stride + column,
          c_stride);
    }
  }
}

}  // namespace enlace
