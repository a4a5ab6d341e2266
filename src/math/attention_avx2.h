// What attention is made of: only for files compiled for AVX2.
#pragma once

#include <limits>

#include "math/kernels.h"
#include "math/polynomials.h"
#include "math/rows_together.h"
#include "math/vectors_avx2.h"

namespace enlace {
namespace {

/// exp(x) for x <= 0, and NaN for NaN.
inline __m256 exponential(__m256 x) noexcept {
  using namespace polynomials;
  x = _mm256_max_ps(_mm256_set1_ps(kExpLeast), x);  // of NaN and a number the second is kept
  const __m256 n =
      _mm256_round_ps(_mm256_mul_ps(x, _mm256_set1_ps(kInverseLn2)), _MM_FROUND_TO_NEAREST_INT);
  __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(kLn2High), x);
  r = _mm256_fnmadd_ps(n, _mm256_set1_ps(kLn2Low), r);
  __m256 sum = _mm256_set1_ps(kExp[6]);
#pragma GCC unroll 6
  for (int i = 5; i >= 0; --i) sum = _mm256_fmadd_ps(sum, r, _mm256_set1_ps(kExp[i]));
  const __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
  return _mm256_mul_ps(sum, _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23)));  // 2^n
}

/// Kernels::softmax.
inline void softmax(float* x, std::size_t n, float scale) noexcept {
  __m256 tops = _mm256_set1_ps(x[0]);
  const std::size_t whole = n / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) tops = greatest_of(tops, _mm256_loadu_ps(x + i));
  for (std::size_t i = whole; i < n; ++i) tops = greatest_of(tops, _mm256_set1_ps(x[i]));
  const __m256 top = in_all_lanes(tops, greatest_of);
  const __m256 factor = _mm256_set1_ps(scale);
  __m256 sums = _mm256_setzero_ps();
  for_vectors<EightFloats>(0, n, [&](std::size_t i, auto lanes) {
    // A lane outside reads 0: `below` may be positive there, so it is forced to 0 first.
    const __m256 below = lanes.only(_mm256_sub_ps(lanes.load(x + i), top));
    const __m256 value = lanes.only(exponential(_mm256_mul_ps(factor, below)));
    lanes.store(x + i, value);
    sums = _mm256_add_ps(sums, value);
  });
  const __m256 share = _mm256_div_ps(_mm256_set1_ps(1), in_all_lanes(sums, sum_of));
  for_vectors<EightFloats>(0, n, [&](std::size_t i, auto lanes) {
    lanes.store(x + i, _mm256_mul_ps(lanes.load(x + i), share));
  });
}

/// Inner products of a query with each token of a head, four at a time: what stands behind the last
/// is the last again.
inline void score(const AttentionHead& head, const float* query, float* scores) noexcept {
  for (std::size_t j = 0; j < head.tokens; j += 4) {
    const float* keys[4];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) {
      keys[r] = head.keys + (j + r < head.tokens ? j + r : head.tokens - 1) * head.stride;
    }
    __m256 sums[4] = {};
    for (std::size_t d = 0; d < head.head_size; d += kLanes) {  // zeros stand behind D
      const __m256 part = _mm256_loadu_ps(query + d);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < 4; ++r) {
        sums[r] = _mm256_fmadd_ps(part, _mm256_loadu_ps(keys[r] + d), sums[r]);
      }
    }
    _mm_store_ps(scores + j, _mm256_castps256_ps128(in_lanes(sums, sum_of)));
  }
}

/// x = exp(scale (x - the greatest of x)) for n scores, whose last vector may be written whole.
/// Returns 1 / its sum in all lanes.
inline __m256 exponentials(float* x, std::size_t n, float scale) noexcept {
  const __m256 lowest = _mm256_set1_ps(std::numeric_limits<float>::lowest());
  __m256 tops = lowest;
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m256 in = _mm256_castsi256_ps(lanes_at(i, n));
    tops = greatest_of(tops, _mm256_blendv_ps(lowest, _mm256_load_ps(x + i), in));
  }
  const __m256 top = in_all_lanes(tops, greatest_of), factor = _mm256_set1_ps(scale);
  __m256 sums = _mm256_setzero_ps();
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __m256 below = _mm256_sub_ps(_mm256_load_ps(x + i), top);
    const __m256 value = _mm256_and_ps(exponential(_mm256_mul_ps(factor, below)),
                                       _mm256_castsi256_ps(lanes_at(i, n)));
    _mm256_store_ps(x + i, value);
    sums = _mm256_add_ps(sums, value);
  }
  return _mm256_div_ps(_mm256_set1_ps(1), in_all_lanes(sums, sum_of));
}

/// Adds up the values of a head, token j parts[j] times, and multiplies the sums by `share`.
inline void mix(const AttentionHead& head, const float* parts, __m256 share,
                float* context) noexcept {
  constexpr std::size_t kVectors = kPanelWidth / kLanes;
  for (std::size_t w = 0; w < head.head_width; w += kPanelWidth) {
    __m256 sums[kVectors] = {};
    for (std::size_t j = 0; j < head.tokens; ++j) {
      const float* value = head.values + j * head.stride + w;
      const __m256 part = _mm256_set1_ps(parts[j]);
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v) {
        sums[v] = _mm256_fmadd_ps(part, _mm256_loadu_ps(value + v * kLanes), sums[v]);
      }
    }
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) {
      _mm256_storeu_ps(context + w + v * kLanes, _mm256_mul_ps(sums[v], share));
    }
  }
}

/// Kernels::attend_short: step by step for all queries, since each alone would wait for its sums.
inline void attend_short(const AttentionHead& head, std::size_t queries, float scale,
                         float* context, std::size_t context_stride) noexcept {
  alignas(32) float parts[kShortTokens][kShortTokens] = {};
  __m256 shares[kShortTokens];
  for (std::size_t i = 0; i < queries; ++i) {
    score(head, head.queries + i * head.stride, parts[i]);
  }
  for (std::size_t i = 0; i < queries; ++i) {
    shares[i] = exponentials(parts[i], head.tokens, scale);
  }
  for (std::size_t i = 0; i < queries; ++i) {
    mix(head, parts[i], shares[i], context + i * context_stride);
  }
}

}  // namespace
}  // namespace enlace
