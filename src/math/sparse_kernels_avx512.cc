#include <immintrin.h>

#include "math/bit_tree_walk.h"
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

/// Adds the weight to 512 sums: an octet of them a byte, or, where there is VBMI2, 64 at once.
#ifdef __AVX512VBMI2__
__mmask64 first_lanes(std::uint32_t count) noexcept {
  return count == 64 ? ~__mmask64{0} : (__mmask64{1} << count) - 1;
}

void add_word(std::uint64_t top, const std::uint8_t* bytes, std::uint8_t weight,
              std::uint8_t* sums) noexcept {
  alignas(64) __mmask64 masks[8];
  const __m512i packed = _mm512_maskz_loadu_epi8(first_lanes(ones(top)), bytes);
  _mm512_store_si512(masks, _mm512_maskz_expand_epi8(top, packed));
  const __m512i weights = _mm512_set1_epi8(static_cast<char>(weight));
#pragma GCC unroll 8
  for (std::size_t i = 0; i < 8; ++i) {
    const __m512i sum = _mm512_loadu_si512(sums + i * kGroup);
    _mm512_storeu_si512(sums + i * kGroup, _mm512_mask_add_epi8(sum, masks[i], sum, weights));
  }
}
#else
void add_word(std::uint64_t top, const std::uint8_t* bytes, std::uint8_t weight,
              std::uint8_t* sums) noexcept {
  const __m128i weights = _mm_set1_epi8(static_cast<char>(weight));
  for (; top != 0; top &= top - 1, ++bytes) {
    auto* eight = reinterpret_cast<__m128i*>(sums + 8 * std::size_t(__builtin_ctzll(top)));
    const __m128i sum = _mm_loadl_epi64(eight);
    _mm_storel_epi64(eight, _mm_mask_add_epi8(sum, *bytes, sum, weights));
  }
}
#endif

void add_middle(const BitTree& tree, std::uint8_t weight, std::uint8_t* sums,
                TreePlace* places) noexcept {
  walk_middle(tree, sums, places,
              [=](std::uint64_t top, const std::uint8_t* bytes, std::uint8_t* all) {
                add_word(top, bytes, weight, all);
              });
}

#ifdef __AVX512VBMI2__
/// As walk_low, with the bytes of a word of top spread over its eight words of octets.
void add_low(const BitTree& tree, const TreePlace* places, const ChosenOctets& chosen,
             std::uint16_t weight, std::uint16_t* sums) noexcept {
  const __m128i weights = _mm_set1_epi16(static_cast<short>(weight));
  for (std::size_t i = 0; i < chosen.word_count; ++i) {
    const std::size_t word = chosen.words[i];
    if (places[word].groups == kMissing) return;
    const std::uint64_t top = tree.top[word];
    const std::size_t later = chosen.words[i + 4 < chosen.word_count ? i + 4 : i];
    if (places[later].groups != kMissing) {
      __builtin_prefetch(tree.middle + places[later].groups);
      __builtin_prefetch(tree.low + places[later].octets);
      __builtin_prefetch(tree.low + places[later].octets + 64);
    }
    if ((top & chosen.groups[word]) == 0) continue;
    alignas(64) std::uint64_t octets[8];
    const __m512i bytes =
        _mm512_maskz_loadu_epi8(first_lanes(ones(top)), tree.middle + places[word].groups);
    _mm512_store_si512(octets, _mm512_maskz_expand_epi8(top, bytes));
    std::size_t low = places[word].octets;
    for (std::size_t j = 0; j < 8; ++j) {
      const std::uint64_t wanted = chosen.octets[8 * word + j];
      for (std::uint64_t both = octets[j] & wanted; both != 0; both &= both - 1) {
        const std::size_t from = low + ones(octets[j] & below(both));
        if (from >= tree.lows) return;
        const std::size_t slot = chosen.before[8 * word + j] + ones(wanted & below(both));
        auto* eight = reinterpret_cast<__m128i*>(sums + 8 * slot);
        const __m128i sum = _mm_loadu_si128(eight);
        _mm_storeu_si128(eight, _mm_mask_add_epi16(sum, tree.low[from], sum, weights));
      }
      low += ones(octets[j]);
    }
  }
}
#else
void add_low(const BitTree& tree, const TreePlace* places, const ChosenOctets& chosen,
             std::uint16_t weight, std::uint16_t* sums) noexcept {
  const __m128i weights = _mm_set1_epi16(static_cast<short>(weight));
  walk_low(tree, places, chosen, sums, [=](std::uint8_t byte, std::uint16_t* sums_of_byte) {
    auto* eight = reinterpret_cast<__m128i*>(sums_of_byte);
    const __m128i sum = _mm_loadu_si128(eight);
    _mm_storeu_si128(eight, _mm_mask_add_epi16(sum, byte, sum, weights));
  });
}
#endif

std::size_t find_products(const std::uint8_t* sums, const std::uint16_t* factors, std::size_t n,
                          std::uint16_t floor, std::uint32_t* found) noexcept {
  const __m512i floors = _mm512_set1_epi16(static_cast<short>(floor));
  std::size_t count = 0;
  for (std::size_t i = 0; i < n; i += 32) {
    const __m512i sum =
        _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(sums + i)));
    const __m512i products =
        _mm512_mulhi_epu16(_mm512_slli_epi16(sum, 8), _mm512_loadu_si512(factors + i));
    const __mmask32 reached = _mm512_cmpge_epu16_mask(products, floors);
    if (reached == 0) continue;
    alignas(64) std::uint16_t values[32];
    _mm512_store_si512(values, products);
    for (std::uint32_t bits = reached; bits != 0; bits &= bits - 1) {
      const auto lane = static_cast<std::size_t>(__builtin_ctz(bits));
      found[count++] = static_cast<std::uint32_t>((i + lane) << 16) | values[lane];
    }
  }
  return count;
}

}  // namespace

#ifdef __AVX512VBMI2__
const SparseKernels kAvx512Vbmi2SparseKernels{"avx512",   add_weights, group_maxima, find_at_least,
                                              add_middle, add_low,     find_products};
#else
const SparseKernels kAvx512SparseKernels{"avx512",   add_weights, group_maxima, find_at_least,
                                         add_middle, add_low,     find_products};
#endif

}  // namespace enlace
