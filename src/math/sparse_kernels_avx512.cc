#include <immintrin.h>

#include "math/sparse_kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kGroup = 64;  // two vectors of 32 values

__m512i load(const std::uint16_t* values) noexcept {
  return _mm512_loadu_si512(values);
}

void add_weights(const std::uint64_t* const* bitmaps, const std::uint16_t* weights,
                 std::size_t count, std::uint16_t* values, std::size_t n) noexcept {
  constexpr std::size_t kWords = 4;  // 256 values stay in eight registers
  std::size_t word = 0;
  for (; word + kWords <= n / kGroup; word += kWords) {
    std::uint16_t* at = values + word * kGroup;
    __m512i sums[2 * kWords];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < 2 * kWords; ++i) sums[i] = load(at + i * 32);
    for (std::size_t b = 0; b < count; ++b) {
      const __m512i weight = _mm512_set1_epi16(static_cast<short>(weights[b]));
      std::uint32_t halves[2 * kWords];
      __builtin_memcpy(halves, bitmaps[b] + word, sizeof halves);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < 2 * kWords; ++i) {
        sums[i] = _mm512_mask_add_epi16(sums[i], _cvtu32_mask32(halves[i]), sums[i], weight);
      }
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < 2 * kWords; ++i) _mm512_storeu_si512(at + i * 32, sums[i]);
  }
  for (; word < n / kGroup; ++word) {
    std::uint16_t* at = values + word * kGroup;
    __m512i low = load(at), high = load(at + 32);
    for (std::size_t b = 0; b < count; ++b) {
      const __m512i weight = _mm512_set1_epi16(static_cast<short>(weights[b]));
      const std::uint64_t bits = bitmaps[b][word];
      low = _mm512_mask_add_epi16(low, static_cast<__mmask32>(bits), low, weight);
      high = _mm512_mask_add_epi16(high, static_cast<__mmask32>(bits >> 32), high, weight);
    }
    _mm512_storeu_si512(at, low);
    _mm512_storeu_si512(at + 32, high);
  }
}

void group_maxima(const std::uint16_t* values, const std::uint16_t* factors, std::size_t n,
                  std::uint16_t* maxima) noexcept {
  for (std::size_t group = 0; group < n / kGroup; ++group, values += kGroup, factors += kGroup) {
    const __m512i both =
        _mm512_max_epu16(_mm512_mulhi_epu16(load(values), load(factors)),
                         _mm512_mulhi_epu16(load(values + 32), load(factors + 32)));
    const __m256i half =
        _mm256_max_epu16(_mm512_castsi512_si256(both), _mm512_extracti64x4_epi64(both, 1));
    const __m128i quarter =
        _mm_max_epu16(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    // The processor finds least values only: the greatest is the complement of the least
    // complement.
    const __m128i ones = _mm_set1_epi16(-1);
    const int least = _mm_cvtsi128_si32(_mm_minpos_epu16(_mm_xor_si128(quarter, ones)));
    maxima[group] = static_cast<std::uint16_t>(~least);
  }
}

void find_at_least(const std::uint16_t* values, const std::uint16_t* factors, std::size_t n,
                   std::uint16_t floor, std::uint64_t* hits) noexcept {
  const __m512i floors = _mm512_set1_epi16(static_cast<short>(floor));
  for (std::size_t group = 0; group < n / kGroup; ++group, values += kGroup, factors += kGroup) {
    const std::uint64_t low =
        _mm512_cmpge_epu16_mask(_mm512_mulhi_epu16(load(values), load(factors)), floors);
    const std::uint64_t high =
        _mm512_cmpge_epu16_mask(_mm512_mulhi_epu16(load(values + 32), load(factors + 32)), floors);
    hits[group] = high << 32 | low;
  }
}

}  // namespace

const SparseKernels kAvx512SparseKernels{"avx512", add_weights, group_maxima, find_at_least};

}  // namespace enlace
