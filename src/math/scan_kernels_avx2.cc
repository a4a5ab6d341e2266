#include <immintrin.h>

#include "math/scan_kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kAhead = 4096;  // bytes: what the memory is asked for before it is needed

/// Four products of bytes for each of eight sums: as two of 16 bits twice, which cannot overflow as
/// those of _mm256_maddubs_epi16 can.
__m256i add_bytes(__m256i sums, __m256i bytes, __m256i query) noexcept {
  const __m256i even = _mm256_and_si256(bytes, _mm256_set1_epi16(0xFF));
  const __m256i odd = _mm256_srli_epi16(bytes, 8);
  const __m256i query_even = _mm256_srai_epi16(_mm256_slli_epi16(query, 8), 8);
  const __m256i query_odd = _mm256_srai_epi16(query, 8);
  return _mm256_add_epi32(sums, _mm256_add_epi32(_mm256_madd_epi16(even, query_even),
                                                 _mm256_madd_epi16(odd, query_odd)));
}

__m256i load(const void* bytes) noexcept {
  return _mm256_loadu_si256(static_cast<const __m256i*>(bytes));
}

std::int32_t sum_of(__m256i sums) noexcept {
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(1, 0, 3, 2)));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(2, 3, 0, 1)));
  return _mm_cvtsi128_si32(four);
}

std::int32_t product(const std::uint8_t* row, std::size_t k, const std::int8_t* query) noexcept {
  __m256i first = _mm256_setzero_si256(), second = first;
  for (std::size_t l = 0; l < k; l += 64) {
    first = add_bytes(first, load(row + l), load(query + l));
    second = add_bytes(second, load(row + l + 32), load(query + l + 32));
  }
  return sum_of(_mm256_add_epi32(first, second));
}

void multiply_rows(const std::uint8_t* rows, std::size_t k, std::size_t m, const std::int8_t* query,
                   std::int32_t* sums) noexcept {
  for (std::size_t i = 0; i < m; ++i, rows += k) {
    for (std::size_t l = 0; l < k; l += 64) {
      _mm_prefetch(reinterpret_cast<const char*>(rows + l) + kAhead, _MM_HINT_T0);
    }
    sums[i] = product(rows, k, query);
  }
}

void add_products(ScanHit* hits, std::size_t count, const std::uint8_t* rows, std::size_t k,
                  const std::int8_t* queries, std::size_t query_stride) noexcept {
  for (ScanHit* hit = hits; hit < hits + count; ++hit) {
    hit->sum += product(rows + hit->row * k, k, queries + hit->column * query_stride);
  }
}

struct Row {
  __m256 scale, bias, rest;
};
struct Column {
  __m256 step, shift, tail, floor;
};

/// The terms of columns for a group of rows, each term as `load` gives it.
template <class Load>
Column column_of(ScanColumns columns, GroupBounds bounds, const Load& load) noexcept {
  const __m256 spread =
      _mm256_fmadd_ps(load(columns.error), _mm256_set1_ps(bounds.length),
                      _mm256_mul_ps(load(columns.length), _mm256_set1_ps(bounds.error)));
  const __m256 margin = _mm256_fmadd_ps(load(columns.rounding), _mm256_set1_ps(bounds.norm),
                                        _mm256_set1_ps(kScanUnderflow));
  return {load(columns.step), _mm256_add_ps(load(columns.zero), spread), load(columns.tail),
          _mm256_sub_ps(load(columns.floor), margin)};
}

__m256 score(__m256i sums, Row row, Column column) noexcept {
  const __m256 inner = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums), column.step, column.shift);
  return _mm256_fmadd_ps(inner, row.scale, _mm256_fmadd_ps(row.rest, column.tail, row.bias));
}

std::uint32_t hits_of(__m256 scores, __m256 floors) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(scores, floors, _CMP_GE_OQ)));
}

std::size_t find_in_panel(const std::int32_t* sums, std::size_t m, ScanRows rows,
                          ScanColumns columns, GroupBounds bounds, std::uint32_t* hits) noexcept {
  Column parts[kPanelWidth / kLanes];
  for (std::size_t j = 0; j < kPanelWidth; j += kLanes) {
    parts[j / kLanes] =
        column_of(columns, bounds, [j](const float* term) { return _mm256_loadu_ps(term + j); });
  }
  std::size_t count = 0;
  for (std::size_t i = 0; i < m; ++i, sums += kPanelWidth) {
    const Row row{_mm256_set1_ps(rows.scale[i]), _mm256_set1_ps(rows.bias[i]),
                  _mm256_set1_ps(rows.rest[i])};
    hits[i] = 0;
    for (std::size_t j = 0; j < kPanelWidth; j += kLanes) {
      const Column& column = parts[j / kLanes];
      hits[i] |= hits_of(score(load(sums + j), row, column), column.floor) << j;
    }
    count += static_cast<std::size_t>(_mm_popcnt_u32(hits[i]));
  }
  return count;
}

std::uint32_t find_in_rows(const std::int32_t* sums, std::size_t m, ScanRows rows,
                           ScanColumns column, GroupBounds bounds, std::uint32_t* hits) noexcept {
  const Column terms =
      column_of(column, bounds, [](const float* term) { return _mm256_set1_ps(*term); });
  std::uint32_t any = 0;
  for (std::size_t i = 0; i < m; i += kLanes) {
    const std::size_t left = m - i;
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i mask =
        _mm256_cmpgt_epi32(_mm256_set1_epi32(left < kLanes ? static_cast<int>(left) : 8), lanes);
    const Row row{_mm256_maskload_ps(rows.scale + i, mask), _mm256_maskload_ps(rows.bias + i, mask),
                  _mm256_maskload_ps(rows.rest + i, mask)};
    const __m256 scores = score(_mm256_maskload_epi32(sums + i, mask), row, terms);
    const auto valid = static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(mask)));
    if (i % 32 == 0) hits[i / 32] = 0;
    hits[i / 32] |= (hits_of(scores, terms.floor) & valid) << i % 32;
    any |= hits[i / 32];
  }
  return any;
}

}  // namespace

const ScanKernels kAvx2ScanKernels{"avx2", multiply_rows, find_in_panel, find_in_rows,
                                   add_products};

}  // namespace enlace
