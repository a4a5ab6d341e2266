#include <immintrin.h>

#include "math/bit_tree_walk.h"
#include "math/sparse_kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kGroup = 64;
constexpr std::size_t kLanes = 8;
constexpr std::size_t kVectors = kGroup / kLanes;

__m256i load(const std::int32_t* sums) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(sums));
}

__m256 scaled(const std::int32_t* sums, const float* scales) noexcept {
  return _mm256_mul_ps(_mm256_cvtepi32_ps(load(sums)), _mm256_loadu_ps(scales));
}

void add_weights(const std::uint64_t* const* bitmaps, const std::int32_t* weights,
                 std::size_t count, std::int32_t* sums, std::size_t n) noexcept {
  const __m256i bit_of_lane = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  for (std::size_t word = 0; word < n / kGroup; ++word, sums += kGroup) {
    __m256i lanes[kVectors];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kVectors; ++i) lanes[i] = load(sums + i * kLanes);
    for (std::size_t b = 0; b < count; ++b) {
      const __m256i weight = _mm256_set1_epi32(weights[b]);
      const std::uint64_t bits = bitmaps[b][word];
#pragma GCC unroll 8
      for (std::size_t i = 0; i < kVectors; ++i) {
        const __m256i spread = _mm256_set1_epi32(static_cast<int>(bits >> i * kLanes));
        const __m256i has = _mm256_cmpeq_epi32(_mm256_and_si256(spread, bit_of_lane), bit_of_lane);
        lanes[i] = _mm256_add_epi32(lanes[i], _mm256_and_si256(has, weight));
      }
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kVectors; ++i) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums + i * kLanes), lanes[i]);
    }
  }
}

float horizontal_max(__m256 v) noexcept {
  const __m128 halves = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 pairs = _mm_max_ps(halves, _mm_movehl_ps(halves, halves));
  return _mm_cvtss_f32(_mm_max_ss(pairs, _mm_movehdup_ps(pairs)));
}

void group_maxima(const std::int32_t* sums, const float* scales, std::size_t n,
                  float* maxima) noexcept {
  for (std::size_t group = 0; group < n / kGroup; ++group, sums += kGroup, scales += kGroup) {
    __m256 all = _mm256_setzero_ps();
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kGroup; i += kLanes) {
      all = _mm256_max_ps(all, scaled(sums + i, scales + i));
    }
    maxima[group] = horizontal_max(all);
  }
}

void find_at_least(const std::int32_t* sums, const float* scales, std::size_t n, float floor,
                   std::uint64_t* hits) noexcept {
  const __m256 floors = _mm256_set1_ps(floor);
  for (std::size_t group = 0; group < n / kGroup; ++group, sums += kGroup, scales += kGroup) {
    std::uint64_t bits = 0;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kGroup; i += kLanes) {
      const __m256 hit = _mm256_cmp_ps(scaled(sums + i, scales + i), floors, _CMP_GE_OQ);
      bits |= std::uint64_t{static_cast<unsigned>(_mm256_movemask_ps(hit))} << i;
    }
    hits[group] = bits;
  }
}

void add_middle(const BitTree& tree, std::size_t first, std::size_t end, std::uint8_t weight,
                std::uint8_t* sums, TreePlace* places) noexcept {
  const __m128i bit_of_lane =
      _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, static_cast<char>(0x80), 1, 1, 1, 1, 1, 1, 1, 1);
  const __m128i weights = _mm_set1_epi8(static_cast<char>(weight));
  walk_middle(
      tree, first, end, sums, places,
      [=](std::uint64_t top, const std::uint8_t* bytes, std::uint8_t* all) {
        const std::uint32_t found = ones(bytes, ones(top));
        for (; top != 0; top &= top - 1, ++bytes) {
          auto* eight = reinterpret_cast<__m128i*>(all + 8 * std::size_t(__builtin_ctzll(top)));
          const __m128i spread = _mm_set1_epi8(static_cast<char>(*bytes));
          const __m128i has = _mm_cmpeq_epi8(_mm_and_si128(spread, bit_of_lane), bit_of_lane);
          _mm_storel_epi64(eight,
                           _mm_add_epi8(_mm_loadl_epi64(eight), _mm_and_si128(has, weights)));
        }
        return found;
      });
}

void add_low(const BitTree& tree, const TreePlace* places, const ChosenOctets& chosen,
             std::uint16_t weight, std::uint16_t* sums) noexcept {
  const __m128i bit_of_lane = _mm_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128);
  const __m128i weights = _mm_set1_epi16(static_cast<short>(weight));
  walk_low(tree, places, chosen, sums, [=](std::uint8_t byte, std::uint16_t* sums_of_byte) {
    auto* eight = reinterpret_cast<__m128i*>(sums_of_byte);
    const __m128i has =
        _mm_cmpeq_epi16(_mm_and_si128(_mm_set1_epi16(byte), bit_of_lane), bit_of_lane);
    _mm_storeu_si128(eight, _mm_add_epi16(_mm_loadu_si128(eight), _mm_and_si128(has, weights)));
  });
}

std::size_t find_products(const std::uint8_t* sums, const std::uint16_t* factors, std::size_t n,
                          std::uint16_t floor, std::uint32_t* found) noexcept {
  const __m256i floors = _mm256_set1_epi16(static_cast<short>(floor));
  std::size_t count = 0;
  for (std::size_t i = 0; i < n; i += 16) {
    const __m256i sum =
        _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(sums + i)));
    const __m256i factor = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(factors + i));
    const __m256i products = _mm256_mulhi_epu16(_mm256_slli_epi16(sum, 8), factor);
    const __m256i reached = _mm256_cmpeq_epi16(_mm256_max_epu16(products, floors), products);
    auto bits = static_cast<unsigned>(_mm256_movemask_epi8(reached)) & 0x55555555U;
    if (bits == 0) continue;
    alignas(32) std::uint16_t values[16];
    _mm256_store_si256(reinterpret_cast<__m256i*>(values), products);
    for (; bits != 0; bits &= bits - 1) {
      const auto lane = static_cast<std::size_t>(__builtin_ctz(bits)) / 2;
      found[count++] = static_cast<std::uint32_t>((i + lane) << 16) | values[lane];
    }
  }
  return count;
}

}  // namespace

const SparseKernels kAvx2SparseKernels{"avx2",     add_weights, group_maxima, find_at_least,
                                       add_middle, add_low,     find_products};

}  // namespace enlace
