#include <bit>

#include "math/products.h"

namespace enlace {
namespace {

float value_of(float x) noexcept {
  return x;
}
float value_of(Bf16 x) noexcept {
  return std::bit_cast<float>(std::uint32_t{x} << 16);
}
std::int32_t value_of(std::uint8_t x) noexcept {
  return x;
}
std::int32_t value_of(std::int8_t x) noexcept {
  return x;
}

template <class A, class B, class C>
void multiply(const A* a, std::size_t a_stride, std::size_t m, const B* panel, std::size_t k, C* c,
              std::size_t c_stride) noexcept {
  constexpr std::size_t kInWord = 4 / sizeof(B);
  for (std::size_t i = 0; i < m; ++i) {
    C sums[kPanelWidth] = {};
    for (std::size_t l = 0; l < k; ++l) {
      const B* word = panel + l / kInWord * kPanelWidth * kInWord + l % kInWord;
      for (std::size_t j = 0; j < kPanelWidth; ++j) {
        sums[j] += value_of(a[i * a_stride + l]) * value_of(word[j * kInWord]);
      }
    }
    for (std::size_t j = 0; j < kPanelWidth; ++j) c[i * c_stride + j] = sums[j];
  }
}

void nothing() noexcept {}

}  // namespace

const Products kScalarProducts{"scalar",
                               multiply<float, float, float>,
                               multiply<Bf16, Bf16, float>,
                               multiply<std::uint8_t, std::int8_t, std::int32_t>,
                               multiply<std::uint8_t, std::int8_t, std::int32_t>,
                               false,
                               nothing,
                               nothing};

}  // namespace enlace
