#include <immintrin.h>

#include "math/sparse_kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kGroup = 64;
constexpr std::size_t kLanes = 16;

__m512 scaled(const std::int32_t* sums, const float* scales) noexcept {
  return _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_loadu_si512(sums)), _mm512_loadu_ps(scales));
}

/// The sums of W words, kept in registers over all bitmaps.
template <std::size_t W>
void add_words(const std::uint64_t* const* bitmaps, const std::int32_t* weights, std::size_t count,
               std::size_t word, std::int32_t* sums) noexcept {
  constexpr std::size_t kVectors = W * kGroup / kLanes;
  __m512i lanes[kVectors];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < kVectors; ++i) lanes[i] = _mm512_loadu_si512(sums + i * kLanes);
  for (std::size_t b = 0; b < count; ++b) {
    const __m512i weight = _mm512_set1_epi32(weights[b]);
    const auto* bits = reinterpret_cast<const unsigned char*>(bitmaps[b] + word);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kVectors; ++i) {
      __mmask16 mask;  // loaded on its own: cutting it out of a word takes longer
      __builtin_memcpy(&mask, bits + i * sizeof mask, sizeof mask);
      lanes[i] = _mm512_mask_add_epi32(lanes[i], mask, lanes[i], weight);
    }
  }
#pragma GCC unroll 16
  for (std::size_t i = 0; i < kVectors; ++i) _mm512_storeu_si512(sums + i * kLanes, lanes[i]);
}

void add_weights(const std::uint64_t* const* bitmaps, const std::int32_t* weights,
                 std::size_t count, std::int32_t* sums, std::size_t n) noexcept {
  const std::size_t words = n / kGroup;
  std::size_t word = 0;
  for (; word + 4 <= words; word += 4) {
    add_words<4>(bitmaps, weights, count, word, sums + word * kGroup);
  }
  for (; word < words; ++word) add_words<1>(bitmaps, weights, count, word, sums + word * kGroup);
}

void group_maxima(const std::int32_t* sums, const float* scales, std::size_t n,
                  float* maxima) noexcept {
  for (std::size_t group = 0; group < n / kGroup; ++group, sums += kGroup, scales += kGroup) {
    const __m512 all = _mm512_max_ps(
        _mm512_max_ps(scaled(sums, scales), scaled(sums + 16, scales + 16)),
        _mm512_max_ps(scaled(sums + 32, scales + 32), scaled(sums + 48, scales + 48)));
    maxima[group] = _mm512_reduce_max_ps(_mm512_max_ps(all, _mm512_setzero_ps()));
  }
}

void find_at_least(const std::int32_t* sums, const float* scales, std::size_t n, float floor,
                   std::uint64_t* hits) noexcept {
  const __m512 floors = _mm512_set1_ps(floor);
  for (std::size_t group = 0; group < n / kGroup; ++group, sums += kGroup, scales += kGroup) {
    std::uint64_t bits = 0;
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kGroup; i += kLanes) {
      const __mmask16 mask = _mm512_cmp_ps_mask(scaled(sums + i, scales + i), floors, _CMP_GE_OQ);
      bits |= std::uint64_t{mask} << i;
    }
    hits[group] = bits;
  }
}

/// As add_words.
template <std::size_t W>
void add_short_words(const std::uint64_t* const* bitmaps, const std::uint16_t* weights,
                     std::size_t count, std::size_t word, std::uint16_t* sums) noexcept {
  constexpr std::size_t kVectors = 2 * W;
  __m512i lanes[kVectors];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < kVectors; ++i) lanes[i] = _mm512_loadu_si512(sums + i * 32);
  for (std::size_t b = 0; b < count; ++b) {
    const __m512i weight = _mm512_set1_epi16(static_cast<short>(weights[b]));
    const auto* bits = reinterpret_cast<const unsigned char*>(bitmaps[b] + word);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kVectors; ++i) {
      __mmask32 mask;
      __builtin_memcpy(&mask, bits + i * sizeof mask, sizeof mask);
      lanes[i] = _mm512_mask_add_epi16(lanes[i], mask, lanes[i], weight);
    }
  }
#pragma GCC unroll 16
  for (std::size_t i = 0; i < kVectors; ++i) _mm512_storeu_si512(sums + i * 32, lanes[i]);
}

void add_short_weights(const std::uint64_t* const* bitmaps, const std::uint16_t* weights,
                       std::size_t count, std::uint16_t* sums, std::size_t n) noexcept {
  const std::size_t words = n / kGroup;
  std::size_t word = 0;
  for (; word + 8 <= words; word += 8) {
    add_short_words<8>(bitmaps, weights, count, word, sums + word * kGroup);
  }
  for (; word < words; ++word) {
    add_short_words<1>(bitmaps, weights, count, word, sums + word * kGroup);
  }
}

std::size_t take_at_least(std::uint16_t* sums, const std::uint8_t* roots, std::size_t n,
                          std::uint16_t floor, std::uint32_t* found) noexcept {
  const __m512i floors = _mm512_set1_epi16(static_cast<short>(floor));
  std::size_t count = 0;
  for (std::size_t i = 0; i < n; i += 32) {
    const __m512i root =
        _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(roots + i)));
    const __m512i scaled =
        _mm512_mulhi_epu16(_mm512_loadu_si512(sums + i), _mm512_mullo_epi16(root, root));
    _mm512_storeu_si512(sums + i, _mm512_setzero_si512());
    const __mmask32 reached = _mm512_cmpge_epu16_mask(scaled, floors);
    if (reached == 0) continue;
    alignas(64) std::uint16_t values[32];
    _mm512_store_si512(values, scaled);
    for (std::uint32_t bits = reached; bits != 0; bits &= bits - 1) {
      const auto lane = static_cast<std::size_t>(__builtin_ctz(bits));
      found[count++] = static_cast<std::uint32_t>((i + lane) << 16) | values[lane];
    }
  }
  return count;
}

}  // namespace

const SparseKernels kAvx512SparseKernels{"avx512",      add_weights,       group_maxima,
                                         find_at_least, add_short_weights, take_at_least};

}  // namespace enlace
