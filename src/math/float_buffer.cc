#include "math/float_buffer.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include <sys/mman.h>

namespace enlace {
namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kHugePage = 2U << 20;

}  // namespace

void FreeFloats::operator()(float* values) const noexcept {
  std::free(values);
}

FloatMemory allocate_floats(std::size_t count) {
  const std::size_t alignment = count * sizeof(float) < kHugePage ? kCacheLine : kHugePage;
  const std::size_t bytes = (count * sizeof(float) + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, bytes);
  if (memory == nullptr) throw std::bad_alloc();
  // Advice: a refusal costs speed only.
  if (alignment == kHugePage) ::madvise(memory, bytes, MADV_HUGEPAGE);
  std::memset(memory, 0, bytes);
  return FloatMemory(static_cast<float*>(memory));
}

}  // namespace enlace
