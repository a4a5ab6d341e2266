#include "math/sparse_kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kGroup = 64;

unsigned scaled(std::uint16_t value, std::uint16_t factor) noexcept {
  return unsigned(value) * factor >> 16;
}

void add_weights(const std::uint64_t* const* bitmaps, const std::uint16_t* weights,
                 std::size_t count, std::uint16_t* values, std::size_t n) noexcept {
  for (std::size_t b = 0; b < count; ++b) {
    for (std::size_t word = 0; word < n / kGroup; ++word) {
      for (std::uint64_t bits = bitmaps[b][word]; bits != 0; bits &= bits - 1) {
        std::uint16_t& value = values[word * kGroup + std::size_t(__builtin_ctzll(bits))];
        value = static_cast<std::uint16_t>(value + weights[b]);
      }
    }
  }
}

void group_maxima(const std::uint16_t* values, const std::uint16_t* factors, std::size_t n,
                  std::uint16_t* maxima) noexcept {
  for (std::size_t group = 0; group < n / kGroup; ++group) {
    unsigned maximum = 0;
    for (std::size_t i = group * kGroup; i < (group + 1) * kGroup; ++i) {
      const unsigned value = scaled(values[i], factors[i]);
      maximum = value > maximum ? value : maximum;
    }
    maxima[group] = static_cast<std::uint16_t>(maximum);
  }
}

void find_at_least(const std::uint16_t* values, const std::uint16_t* factors, std::size_t n,
                   std::uint16_t floor, std::uint64_t* hits) noexcept {
  for (std::size_t group = 0; group < n / kGroup; ++group) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < kGroup; ++i) {
      const std::size_t at = group * kGroup + i;
      bits |= std::uint64_t{scaled(values[at], factors[at]) >= floor} << i;
    }
    hits[group] = bits;
  }
}

}  // namespace

const SparseKernels kScalarSparseKernels{"scalar", add_weights, group_maxima, find_at_least};

}  // namespace enlace
