#include <immintrin.h>

#include "math/scan_bounds_avx512.h"

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

std::size_t find_in_panel(const std::int32_t* sums, std::size_t m, ScanRows rows,
                          ScanColumns columns, GroupBounds bounds, std::uint32_t* hits) noexcept {
  const ColumnTerms low = terms_from(columns, bounds, 0);
  const ColumnTerms high = terms_from(columns, bounds, kLanes);
  std::size_t count = 0;
  for (std::size_t i = 0; i < m; ++i, sums += kPanelWidth) {
    const RowTerms row = row_terms(rows, i);
    const std::uint32_t low_hits = reach(_mm512_loadu_si512(sums), row, low, 0xFFFF);
    const std::uint32_t high_hits = reach(_mm512_loadu_si512(sums + kLanes), row, high, 0xFFFF);
    hits[i] = low_hits | high_hits << kLanes;
    count += static_cast<std::size_t>(_mm_popcnt_u32(hits[i]));
  }
  return count;
}

std::uint32_t find_in_rows(const std::int32_t* sums, std::size_t m, ScanRows rows,
                           ScanColumns column, GroupBounds bounds, std::uint32_t* hits) noexcept {
  const ColumnTerms terms =
      column_terms(column, bounds, [](const float* term) { return _mm512_set1_ps(*term); });
  std::uint32_t any = 0;
  for (std::size_t i = 0; i < m; i += kLanes) {
    const __mmask16 mask = m - i < kLanes ? static_cast<__mmask16>((1U << (m - i)) - 1) : 0xFFFF;
    const RowTerms row{_mm512_maskz_loadu_ps(mask, rows.scale + i),
                       _mm512_maskz_loadu_ps(mask, rows.bias + i),
                       _mm512_maskz_loadu_ps(mask, rows.rest + i)};
    const std::uint32_t found = reach(_mm512_maskz_loadu_epi32(mask, sums + i), row, terms, mask);
    hits[i / 32] = i % 32 == 0 ? found : hits[i / 32] | found << kLanes;
    any |= hits[i / 32];
  }
  return any;
}

/// The hits of H rows and queries, all in one pass over the depth.
template <std::size_t H>
void add_some(ScanHit* hits, const std::uint8_t* rows, std::size_t k, const std::int8_t* queries,
              std::size_t query_stride) noexcept {
  Ints16 sums[kRows];
  const std::uint8_t* row[H];
  const std::int8_t* query[H];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < kRows; ++i) sums[i] = Ints16{};
#pragma GCC unroll 4
  for (std::size_t i = 0; i < H; ++i) {
    row[i] = rows + hits[i].row * k;
    query[i] = queries + hits[i].column * query_stride;
  }
  for (std::size_t l = 0; l < k; l += 64) {
#pragma GCC unroll 4
    for (std::size_t i = 0; i < H; ++i) {
      sums[i] = reinterpret_cast<Ints16>(_mm512_dpbusd_epi32(
          bits(sums[i]), _mm512_loadu_si512(row[i] + l), _mm512_loadu_si512(query[i] + l)));
    }
  }
  std::int32_t all[kRows];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(all), sums_of(sums));
#pragma GCC unroll 4
  for (std::size_t i = 0; i < H; ++i) hits[i].sum += all[i];
}

void add_products(ScanHit* hits, std::size_t count, const std::uint8_t* rows, std::size_t k,
                  const std::int8_t* queries, std::size_t query_stride) noexcept {
  std::size_t h = 0;
  for (; h + kRows <= count; h += kRows) add_some<kRows>(hits + h, rows, k, queries, query_stride);
  for (; h < count; ++h) add_some<1>(hits + h, rows, k, queries, query_stride);
}

}  // namespace

const ScanKernels kAvx512ScanKernels{"avx512", multiply_rows, find_in_panel, find_in_rows,
                                     add_products};

}  // namespace enlace
