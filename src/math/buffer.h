// Memory that the kernels like: aligned, and on huge pages where there is much of it.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

#include "math/matrix.h"

namespace enlace {

struct FreeMemory {
  void operator()(void* memory) const noexcept;
};

/// `bytes` zeros, at a multiple of 64 bytes and on huge pages where the system grants them.
/// Throws std::bad_alloc.
std::unique_ptr<void, FreeMemory> allocate_bytes(std::size_t bytes);

/// `bytes` zeros of which memory is taken page by page, where they are written first: for much that
/// will be written here and there. Throws std::bad_alloc.
std::unique_ptr<void, FreeMemory> allocate_sparse_bytes(std::size_t bytes);

/// Bytes that a thread can count on to stay in its second-level cache beside what it streams: five
/// eighths of it, or of 1 MiB if the system does not say how large it is. Thread-safe.
std::size_t cached_bytes() noexcept;

/// `count` zeros of a plain type; otherwise as allocate_bytes().
template <class T>
using Memory = std::unique_ptr<T[], FreeMemory>;
template <class T>
Memory<T> allocate(std::size_t count) {
  static_assert(std::is_arithmetic_v<T>);
  return Memory<T>(static_cast<T*>(allocate_bytes(count * sizeof(T)).release()));
}

/// The same of allocate_sparse_bytes().
template <class T>
Memory<T> allocate_sparse(std::size_t count) {
  static_assert(std::is_arithmetic_v<T>);
  return Memory<T>(static_cast<T*>(allocate_sparse_bytes(count * sizeof(T)).release()));
}

/// A matrix whose shape changes from use to use and whose memory only grows: a thread's scratch.
template <class T>
class Buffer {
 public:
  /// (rows, cols) with unspecified content; ends the views given before.
  MatrixView<T> shape(std::size_t rows, std::size_t cols) {
    if (rows * cols > capacity_) {
      values_ = allocate<T>(rows * cols);
      capacity_ = rows * cols;
    }
    return {values_.get(), rows, cols};
  }

  /// The same without growing. Requires room that shape() made.
  MatrixView<T> view(std::size_t rows, std::size_t cols) const noexcept {
    assert(rows * cols <= capacity_);
    return {values_.get(), rows, cols};
  }

  /// Value i of what shape() made room for.
  T* at(std::size_t i) const noexcept {
    assert(i < capacity_);
    return values_.get() + i;
  }

 private:
  Memory<T> values_;
  std::size_t capacity_ = 0;
};

}  // namespace enlace
