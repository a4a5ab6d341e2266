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
/// Returns how many bits the bytes have.
#ifdef __AVX512VBMI2__
__mmask64 first_lanes(std::uint32_t count) noexcept {
  return count == 64 ? ~__mmask64{0} : (__mmask64{1} << count) - 1;
}

/// The bytes of a word of top, one for each of its groups: eight words of octets.
__m512i octets_of(std::uint64_t top, const std::uint8_t* bytes) noexcept {
  return _mm512_maskz_expand_epi8(top, _mm512_maskz_loadu_epi8(first_lanes(ones(top)), bytes));
}

std::uint32_t add_word(std::uint64_t top, const std::uint8_t* bytes, std::uint8_t weight,
                       std::uint8_t* sums) noexcept {
  alignas(64) __mmask64 masks[8];
  const __m512i octets = octets_of(top, bytes);
  _mm512_store_si512(masks, octets);
  const __m512i weights = _mm512_set1_epi8(static_cast<char>(weight));
#pragma GCC unroll 8
  for (std::size_t i = 0; i < 8; ++i) {
    const __m512i sum = _mm512_loadu_si512(sums + i * kGroup);
    _mm512_storeu_si512(sums + i * kGroup, _mm512_mask_add_epi8(sum, masks[i], sum, weights));
  }
  const __m128i counts = _mm512_cvtepi64_epi8(_mm512_popcnt_epi64(octets));
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_sad_epu8(counts, _mm_setzero_si128())));
}
#else
std::uint32_t add_word(std::uint64_t top, const std::uint8_t* bytes, std::uint8_t weight,
                       std::uint8_t* sums) noexcept {
  const std::uint32_t found = ones(bytes, ones(top));
  const __m128i weights = _mm_set1_epi8(static_cast<char>(weight));
  for (; top != 0; top &= top - 1, ++bytes) {
    auto* eight = reinterpret_cast<__m128i*>(sums + 8 * std::size_t(__builtin_ctzll(top)));
    const __m128i sum = _mm_loadl_epi64(eight);
    _mm_storel_epi64(eight, _mm_mask_add_epi8(sum, *bytes, sum, weights));
  }
  return found;
}
#endif

void add_middle(const BitTree& tree, std::size_t first, std::size_t end, std::uint8_t weight,
                std::uint8_t* sums, TreePlace* places) noexcept {
  walk_middle(tree, first, end, sums, places,
              [=](std::uint64_t top, const std::uint8_t* bytes, std::uint8_t* all) {
                return add_word(top, bytes, weight, all);
              });
}

void add_low_by_bytes(const BitTree& tree, const TreePlace* places, const ChosenOctets& chosen,
                      std::uint16_t weight, std::uint16_t* sums) noexcept {
  const __m128i weights = _mm_set1_epi16(static_cast<short>(weight));
  walk_low(tree, places, chosen, sums, [=](std::uint8_t byte, std::uint16_t* sums_of_byte) {
    auto* eight = reinterpret_cast<__m128i*>(sums_of_byte);
    const __m128i sum = _mm_loadu_si128(eight);
    _mm_storeu_si128(eight, _mm_mask_add_epi16(sum, byte, sum, weights));
  });
}

#ifdef __AVX512VBMI2__
/// How many bits the lanes before each lane have.
__m512i ones_before(__m512i lanes) noexcept {
  const __m512i zero = _mm512_setzero_si512();
  __m512i before = _mm512_alignr_epi64(_mm512_popcnt_epi64(lanes), zero, 7);
  before = _mm512_add_epi64(before, _mm512_alignr_epi64(before, zero, 7));
  before = _mm512_add_epi64(before, _mm512_alignr_epi64(before, zero, 6));
  return _mm512_add_epi64(before, _mm512_alignr_epi64(before, zero, 4));
}

/// Adds the weight to the sums whose bits are set, of 32.
void add_where(__mmask32 bits, __m512i weights, std::uint16_t* sums) noexcept {
  const __m512i sum = _mm512_maskz_loadu_epi16(bits, sums);
  _mm512_mask_storeu_epi16(sums, bits, _mm512_add_epi16(sum, weights));
}

/// As walk_low, but eight chosen octets at once, those too that the tree does not have: whether it
/// has one is not to be foretold.
void add_low(const BitTree& tree, const TreePlace* places, const ChosenOctets& chosen,
             std::uint16_t weight, std::uint16_t* sums) noexcept {
  constexpr std::size_t kRead = 4;    // bytes at once, of which one is wanted
  constexpr std::size_t kAhead = 10;  // words from one whose bytes are asked of memory
  if (tree.lows < kRead) return add_low_by_bytes(tree, places, chosen, weight, sums);
  const __m512i weights = _mm512_set1_epi16(static_cast<short>(weight));
  const __m512i lows = _mm512_set1_epi64(static_cast<long long>(tree.lows));
  const __m512i last = _mm512_set1_epi64(static_cast<long long>(tree.lows - kRead));
  const __m512i one = _mm512_set1_epi64(1), low_bits = _mm512_set1_epi64(63);
  for (std::size_t i = 0; i < chosen.word_count; ++i) {
    const std::size_t word = chosen.words[i];
    if (places[word].groups == kMissing) return;
    const std::uint64_t top = tree.top[word];
    const std::size_t later = chosen.words[i + kAhead < chosen.word_count ? i + kAhead : i];
    if (places[later].groups != kMissing) {
      __builtin_prefetch(tree.middle + places[later].groups);
      __builtin_prefetch(tree.low + places[later].octets);
      __builtin_prefetch(tree.low + places[later].octets + 64);
      __builtin_prefetch(tree.low + places[later].octets + 128);
    }
    if ((top & chosen.groups[word]) == 0) continue;
    const __m512i octets = octets_of(top, tree.middle + places[word].groups);
    const __m512i before = _mm512_add_epi64(
        ones_before(octets), _mm512_set1_epi64(static_cast<long long>(places[word].octets)));
    const bool is_last = i + 1 == chosen.word_count;
    const std::size_t end = is_last ? chosen.count : chosen.before[8 * chosen.words[i + 1]];
    for (std::size_t slot = chosen.before[8 * word]; slot < end; slot += 8) {
      const std::size_t left = end - slot;
      const auto lanes = static_cast<__mmask8>(left < 8 ? (1U << left) - 1 : 0xFFU);
      const __m512i number =
          _mm512_cvtepu32_epi64(_mm256_maskz_loadu_epi32(lanes, chosen.numbers + slot));
      const __m512i of_word = _mm512_srli_epi64(number, 6);  // its three lowest bits count
      const __m512i bit = _mm512_sllv_epi64(one, _mm512_and_si512(number, low_bits));
      const __m512i own = _mm512_permutexvar_epi64(of_word, octets);
      const __m512i below_bit = _mm512_and_si512(own, _mm512_sub_epi64(bit, one));
      const __m512i from = _mm512_add_epi64(_mm512_permutexvar_epi64(of_word, before),
                                            _mm512_popcnt_epi64(below_bit));
      const __mmask8 has =
          _mm512_mask_cmplt_epu64_mask(_mm512_mask_test_epi64_mask(lanes, own, bit), from, lows);
      if (has == 0) continue;
      const __m512i at = _mm512_min_epu64(from, last);
      const __m256i read =
          _mm512_mask_i64gather_epi32(_mm256_setzero_si256(), has, at, tree.low, 1);
      const __m256i spare = _mm512_cvtepi64_epi32(_mm512_slli_epi64(_mm512_sub_epi64(from, at), 3));
      const auto rows = static_cast<std::uint64_t>(
          _mm_cvtsi128_si64(_mm256_cvtepi32_epi8(_mm256_srlv_epi32(read, spare))));
      add_where(static_cast<__mmask32>(rows), weights, sums + 8 * slot);
      add_where(static_cast<__mmask32>(rows >> 32), weights, sums + 8 * slot + 32);
    }
  }
}
#else
constexpr auto* add_low = add_low_by_bytes;
#endif

std::size_t find_products(const std::uint8_t* sums, const std::uint16_t* factors, std::size_t n,
                          std::uint16_t floor, std::uint32_t* found) noexcept {
  const __m512i floors = _mm512_set1_epi16(static_cast<short>(floor));
  const __m512i lanes = _mm512_slli_epi32(
      _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), 16);
  std::size_t count = 0;
  const auto keep = [&](std::size_t i, __m256i products, __mmask16 reached) {
    const __m512i numbers = _mm512_add_epi32(lanes, _mm512_set1_epi32(static_cast<int>(i << 16)));
    const __m512i both = _mm512_or_si512(numbers, _mm512_cvtepu16_epi32(products));
    // There is room for all 16: no more were found than were looked at.
    _mm512_storeu_si512(found + count, _mm512_maskz_compress_epi32(reached, both));
    count += ones(std::uint64_t{reached});
  };
  for (std::size_t i = 0; i < n; i += 32) {
    const __m512i sum =
        _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(sums + i)));
    const __m512i products =
        _mm512_mulhi_epu16(_mm512_slli_epi16(sum, 8), _mm512_loadu_si512(factors + i));
    const __mmask32 reached = _mm512_cmpge_epu16_mask(products, floors);
    if (reached == 0) continue;
    keep(i, _mm512_castsi512_si256(products), static_cast<__mmask16>(reached));
    keep(i + 16, _mm512_extracti64x4_epi64(products, 1), static_cast<__mmask16>(reached >> 16));
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
