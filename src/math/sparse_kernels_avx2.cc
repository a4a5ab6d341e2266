#include <immintrin.h>

#include "math/sparse_kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kGroup = 64;
constexpr std::size_t kLanes = 16;

__m256i load(const std::uint16_t* values) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values));
}

void store(std::uint16_t* values, __m256i lanes) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(values), lanes);
}

__m256i scaled(const std::uint16_t* values, const std::uint16_t* factors) noexcept {
  return _mm256_mulhi_epu16(load(values), load(factors));
}

void add_weights(const std::uint64_t* const* bitmaps, const std::uint16_t* weights,
                 std::size_t count, std::uint16_t* values, std::size_t n) noexcept {
  const __m256i bit_of_lane = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048,
                                                4096, 8192, 16384, -32768);
  for (std::size_t word = 0; word < n / kGroup; ++word) {
    std::uint16_t* at = values + word * kGroup;
    __m256i sums[kGroup / kLanes];
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kGroup / kLanes; ++i) sums[i] = load(at + i * kLanes);
    for (std::size_t b = 0; b < count; ++b) {
      const __m256i weight = _mm256_set1_epi16(static_cast<short>(weights[b]));
      const std::uint64_t bits = bitmaps[b][word];
#pragma GCC unroll 4
      for (std::size_t i = 0; i < kGroup / kLanes; ++i) {
        const __m256i spread = _mm256_set1_epi16(static_cast<short>(bits >> i * kLanes));
        const __m256i has = _mm256_cmpeq_epi16(_mm256_and_si256(spread, bit_of_lane), bit_of_lane);
        sums[i] = _mm256_add_epi16(sums[i], _mm256_and_si256(has, weight));
      }
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kGroup / kLanes; ++i) store(at + i * kLanes, sums[i]);
  }
}

void group_maxima(const std::uint16_t* values, const std::uint16_t* factors, std::size_t n,
                  std::uint16_t* maxima) noexcept {
  for (std::size_t group = 0; group < n / kGroup; ++group, values += kGroup, factors += kGroup) {
    const __m256i all = _mm256_max_epu16(
        _mm256_max_epu16(scaled(values, factors), scaled(values + 16, factors + 16)),
        _mm256_max_epu16(scaled(values + 32, factors + 32), scaled(values + 48, factors + 48)));
    const __m128i half =
        _mm_max_epu16(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
    // The processor finds least values only: the greatest is the complement of the least
    // complement.
    const __m128i ones = _mm_set1_epi16(-1);
    const int least = _mm_cvtsi128_si32(_mm_minpos_epu16(_mm_xor_si128(half, ones)));
    maxima[group] = static_cast<std::uint16_t>(~least);
  }
}

/// One bit per lane: whether its scaled value is at least that of `floors`.
__m256i at_least(__m256i scaled_values, __m256i floors) noexcept {
  return _mm256_cmpeq_epi16(_mm256_max_epu16(scaled_values, floors), scaled_values);
}

/// Bit i of the result for value i of 32.
std::uint64_t hits_of_half(const std::uint16_t* values, const std::uint16_t* factors,
                           __m256i floors) noexcept {
  const __m256i low = at_least(scaled(values, factors), floors);
  const __m256i high = at_least(scaled(values + 16, factors + 16), floors);
  // Packing interleaves the 128-bit halves; the permutation puts them in order again.
  const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xD8);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
}

void find_at_least(const std::uint16_t* values, const std::uint16_t* factors, std::size_t n,
                   std::uint16_t floor, std::uint64_t* hits) noexcept {
  const __m256i floors = _mm256_set1_epi16(static_cast<short>(floor));
  for (std::size_t group = 0; group < n / kGroup; ++group, values += kGroup, factors += kGroup) {
    hits[group] = hits_of_half(values + 32, factors + 32, floors) << 32 |
                  hits_of_half(values, factors, floors);
  }
}

}  // namespace

const SparseKernels kAvx2SparseKernels{"avx2", add_weights, group_maxima, find_at_least};

}  // namespace enlace
