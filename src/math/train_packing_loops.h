// Rows as the sides of products: transposed, and in panels. Local to train_loops.h.
#pragma once

#include "math/train_vectors.h"

namespace enlace {
namespace {

/// Every other lane from those of `a` and of `b` in their lower halves, or in their upper ones.
template <std::size_t... I>
ENLACE_INLINE Words mixed_low(Words a, Words b, std::index_sequence<I...>) noexcept {
  return __builtin_shufflevector(a, b, int(I / 2 + I % 2 * kWide)...);
}
template <std::size_t... I>
ENLACE_INLINE Words mixed_high(Words a, Words b, std::index_sequence<I...>) noexcept {
  return __builtin_shufflevector(a, b, int(kWide / 2 + I / 2 + I % 2 * kWide)...);
}

/// A block of kWide x kWide words, transposed. The vectors are halves of others, again and again.
ENLACE_INLINE void turn_words(const char* from, std::size_t stride, char* to,
                              std::size_t to_stride) noexcept {
  constexpr auto kLanes = std::make_index_sequence<kWide>();
  Words rows[kWide];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < kWide; ++i) rows[i] = load_bits<Words>(from + i * stride);
#pragma GCC unroll 4
  for (std::size_t width = kWide; width > 1; width /= 2) {
    Words next[kWide];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kWide / 2; ++i) {
      next[2 * i] = mixed_low(rows[i], rows[i + kWide / 2], kLanes);
      next[2 * i + 1] = mixed_high(rows[i], rows[i + kWide / 2], kLanes);
    }
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kWide; ++i) rows[i] = next[i];
  }
#pragma GCC unroll 16
  for (std::size_t i = 0; i < kWide; ++i)
    __builtin_memcpy(to + i * to_stride, &rows[i], sizeof *rows);
}

void pack_depth(const float* x, std::size_t stride, std::size_t rows, std::size_t cols,
                float* panels, std::size_t panel_stride) noexcept {
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t c = 0; c < cols; c += kWide) {
      store(panels + c / kPanelWidth * panel_stride + row * kPanelWidth + c % kPanelWidth,
            load(x + row * stride + c));
    }
  }
}
void pack_depth(const Bf16* x, std::size_t stride, std::size_t rows, std::size_t cols, Bf16* panels,
                std::size_t panel_stride) noexcept {
  for (std::size_t row = 0; row < rows; row += 2) {
    for (std::size_t c = 0; c < cols; c += kWide) {
      const Words even = __builtin_convertvector(load_bits<Shorts>(x + row * stride + c), Words);
      const Words odd =
          __builtin_convertvector(load_bits<Shorts>(x + (row + 1) * stride + c), Words);
      const Words pair = even | odd << 16;
      __builtin_memcpy(
          panels + c / kPanelWidth * panel_stride + row * kPanelWidth + c % kPanelWidth * 2, &pair,
          sizeof pair);
    }
  }
}

template <class T>
void pack_columns(const T* x, std::size_t stride, std::size_t rows, std::size_t cols,
                  T* panels) noexcept {
  constexpr std::size_t kInWord = 4 / sizeof(T);
  for (std::size_t row = 0; row < rows; row += kWide) {
    T* panel = panels + row / kPanelWidth * kPanelWidth * cols + row % kPanelWidth * kInWord;
    for (std::size_t c = 0; c < cols; c += kWide * kInWord) {
      turn_words(reinterpret_cast<const char*>(x + row * stride + c), stride * sizeof(T),
                 reinterpret_cast<char*>(panel + c * kPanelWidth), kPanelWidth * 4);
    }
  }
}

void transpose(const float* x, std::size_t stride, std::size_t rows, std::size_t cols, float* y,
               std::size_t y_stride) noexcept {
  for (std::size_t row = 0; row < rows; row += kWide) {
    for (std::size_t c = 0; c < cols; c += kWide) {
      turn_words(reinterpret_cast<const char*>(x + row * stride + c), stride * sizeof *x,
                 reinterpret_cast<char*>(y + c * y_stride + row), y_stride * sizeof *y);
    }
  }
}
void transpose(const Bf16* x, std::size_t stride, std::size_t rows, std::size_t cols, Bf16* y,
               std::size_t y_stride) noexcept {
  alignas(64) Bf16 pairs[2 * kWide * kWide];  // of two rows each: kWide rows of kWide words
  for (std::size_t row = 0; row < rows; row += 2 * kWide) {
    for (std::size_t c = 0; c < cols; c += kWide) {
      for (std::size_t i = 0; i < kWide; ++i) {
        const Bf16* from = x + (row + 2 * i) * stride + c;
        const Words even = __builtin_convertvector(load_bits<Shorts>(from), Words);
        const Words odd = __builtin_convertvector(load_bits<Shorts>(from + stride), Words);
        const Words pair = even | odd << 16;
        __builtin_memcpy(pairs + i * 2 * kWide, &pair, sizeof pair);
      }
      turn_words(reinterpret_cast<const char*>(pairs), 4 * kWide,
                 reinterpret_cast<char*>(y + c * y_stride + row), y_stride * sizeof *y);
    }
  }
}

}  // namespace
}  // namespace enlace
