#include "math/buffer.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

namespace enlace {
namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kHugePage = 2U << 20;

}  // namespace

std::size_t cached_bytes() noexcept {
  static const std::size_t bytes = [] {
    const long cache = ::sysconf(_SC_LEVEL2_CACHE_SIZE);
    return std::size_t(cache > 0 ? cache : 1L << 20) / 8 * 5;
  }();
  return bytes;
}

void FreeMemory::operator()(void* memory) const noexcept {
  std::free(memory);
}

std::unique_ptr<void, FreeMemory> allocate_bytes(std::size_t bytes) {
  const std::size_t alignment = bytes < kHugePage ? kCacheLine : kHugePage;
  const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, rounded);
  if (memory == nullptr) throw std::bad_alloc();
  // Advice: a refusal costs speed only.
  if (alignment == kHugePage) ::madvise(memory, rounded, MADV_HUGEPAGE);
  std::memset(memory, 0, rounded);
  return std::unique_ptr<void, FreeMemory>(memory);
}

std::unique_ptr<void, FreeMemory> allocate_sparse_bytes(std::size_t bytes) {
  void* memory = std::calloc(bytes > 0 ? bytes : 1, 1);
  if (memory == nullptr) throw std::bad_alloc();
  return std::unique_ptr<void, FreeMemory>(memory);
}

}  // namespace enlace
