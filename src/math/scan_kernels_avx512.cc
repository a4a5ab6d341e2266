#include <immintrin.h>

#include "math/scan_kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kRows = 4;
constexpr std::size_t kAhead = 4096;  // bytes: what the memory is asked for before it is needed

/// Sixteen sums. A vector type of the compiler, not __m512i: g++ 12 keeps arrays of the latter in
/// memory.
typedef int Ints16 __attribute__((vector_size(64)));

__m512i bits(Ints16 sums) noexcept {
  return reinterpret_cast<__m512i>(sums);
}

/// The sums of a and b over each four of their lanes, side by side.
__m512i add_pairs(__m512i a, __m512i b) noexcept {
  return _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
}

/// The sums of all lanes of four vectors.
__m128i sums_of(const Ints16* sums) noexcept {
  const __m512i low = add_pairs(bits(sums[0]), bits(sums[1]));
  const __m512i high = add_pairs(bits(sums[2]), bits(sums[3]));
  const __m512i all =
      _mm512_add_epi32(_mm512_unpacklo_epi64(low, high), _mm512_unpackhi_epi64(low, high));
  const __m256i half =
      _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

/// R rows, all in one pass over the query.
template <std::size_t R>
__m128i multiply_some(const std::uint8_t* rows, std::size_t k, const std::int8_t* query) noexcept {
  Ints16 sums[kRows];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < kRows; ++i) sums[i] = Ints16{};
  for (std::size_t l = 0; l < k; l += 64) {
    const __m512i of_query = _mm512_loadu_si512(query + l);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < R; ++i) {
      const std::uint8_t* bytes = rows + i * k + l;
      if (R == kRows) _mm_prefetch(reinterpret_cast<const char*>(bytes) + kAhead, _MM_HINT_T0);
      sums[i] = reinterpret_cast<Ints16>(
          _mm512_dpbusd_epi32(bits(sums[i]), _mm512_loadu_si512(bytes), of_query));
    }
  }
  return sums_of(sums);
}

void multiply_rows(const std::uint8_t* rows, std::size_t k, std::size_t m, const std::int8_t* query,
                   std::int32_t* sums) noexcept {
  std::size_t i = 0;
  for (; i + kRows <= m; i += kRows) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(sums + i),
                     multiply_some<kRows>(rows + i * k, k, query));
  }
  for (; i < m; ++i) sums[i] = _mm_cvtsi128_si32(multiply_some<1>(rows + i * k, k, query));
}

struct Row {
  __m512 scale, bias, rest;
};
struct Column {
  __m512 step, shift, tail, floor;
};

/// The terms of columns for a group of rows, each term as `load` gives it.
template <class Load>
Column column_of(ScanColumns columns, GroupBounds bounds, const Load& load) noexcept {
  const __m512 spread =
      _mm512_fmadd_ps(load(columns.error), _mm512_set1_ps(bounds.length),
                      _mm512_mul_ps(load(columns.length), _mm512_set1_ps(bounds.error)));
  const __m512 margin = _mm512_fmadd_ps(load(columns.rounding), _mm512_set1_ps(bounds.norm),
                                        _mm512_set1_ps(kScanUnderflow));
  return {load(columns.step), _mm512_add_ps(load(columns.zero), spread), load(columns.tail),
          _mm512_sub_ps(load(columns.floor), margin)};
}

__m512 score(__m512i sums, Row row, Column column) noexcept {
  const __m512 inner = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums), column.step, column.shift);
  return _mm512_fmadd_ps(inner, row.scale, _mm512_fmadd_ps(row.rest, column.tail, row.bias));
}

std::size_t find_in_panel(const std::int32_t* sums, std::size_t m, ScanRows rows,
                          ScanColumns columns, GroupBounds bounds, std::uint32_t* hits) noexcept {
  const Column low =
      column_of(columns, bounds, [](const float* term) { return _mm512_loadu_ps(term); });
  const Column high =
      column_of(columns, bounds, [](const float* term) { return _mm512_loadu_ps(term + kLanes); });
  std::size_t count = 0;
  for (std::size_t i = 0; i < m; ++i, sums += kPanelWidth) {
    const Row row{_mm512_set1_ps(rows.scale[i]), _mm512_set1_ps(rows.bias[i]),
                  _mm512_set1_ps(rows.rest[i])};
    const __m512 low_scores = score(_mm512_loadu_si512(sums), row, low);
    const __m512 high_scores = score(_mm512_loadu_si512(sums + kLanes), row, high);
    const std::uint32_t low_hits = _mm512_cmp_ps_mask(low_scores, low.floor, _CMP_GE_OQ);
    const std::uint32_t high_hits = _mm512_cmp_ps_mask(high_scores, high.floor, _CMP_GE_OQ);
    hits[i] = low_hits | high_hits << kLanes;
    count += static_cast<std::size_t>(_mm_popcnt_u32(hits[i]));
  }
  return count;
}

std::uint32_t find_in_rows(const std::int32_t* sums, std::size_t m, ScanRows rows,
                           ScanColumns column, GroupBounds bounds, std::uint32_t* hits) noexcept {
  const Column terms =
      column_of(column, bounds, [](const float* term) { return _mm512_set1_ps(*term); });
  std::uint32_t any = 0;
  for (std::size_t i = 0; i < m; i += kLanes) {
    const __mmask16 mask = m - i < kLanes ? static_cast<__mmask16>((1U << (m - i)) - 1) : 0xFFFF;
    const Row row{_mm512_maskz_loadu_ps(mask, rows.scale + i),
                  _mm512_maskz_loadu_ps(mask, rows.bias + i),
                  _mm512_maskz_loadu_ps(mask, rows.rest + i)};
    const __m512 scores = score(_mm512_maskz_loadu_epi32(mask, sums + i), row, terms);
    const std::uint32_t found = _mm512_mask_cmp_ps_mask(mask, scores, terms.floor, _CMP_GE_OQ);
    hits[i / 32] = i % 32 == 0 ? found : hits[i / 32] | found << kLanes;
    any |= hits[i / 32];
  }
  return any;
}

}  // namespace

const ScanKernels kAvx512ScanKernels{"avx512", multiply_rows, find_in_panel, find_in_rows};

}  // namespace enlace
