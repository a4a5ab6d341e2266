// Bounds of sixteen scores at a time (math/scan_kernels.h): only for files compiled for AVX-512.
#pragma once

#include <immintrin.h>

#include "math/scan_kernels.h"

namespace enlace {
namespace {

struct RowTerms {
  __m512 scale, bias, rest;
};
struct ColumnTerms {
  __m512 step, shift, tail, floor;
};

/// The terms of row i, in all lanes.
inline RowTerms row_terms(ScanRows rows, std::size_t i) noexcept {
  return {_mm512_set1_ps(rows.scale[i]), _mm512_set1_ps(rows.bias[i]),
          _mm512_set1_ps(rows.rest[i])};
}

/// The terms of columns for a group of rows, each term as `load` gives it.
template <class Load>
ColumnTerms column_terms(ScanColumns columns, GroupBounds bounds, const Load& load) noexcept {
  const __m512 spread =
      _mm512_fmadd_ps(load(columns.error), _mm512_set1_ps(bounds.length),
                      _mm512_mul_ps(load(columns.length), _mm512_set1_ps(bounds.error)));
  const __m512 margin = _mm512_fmadd_ps(load(columns.rounding), _mm512_set1_ps(bounds.norm),
                                        _mm512_set1_ps(kScanUnderflow));
  return {load(columns.step), _mm512_add_ps(load(columns.zero), spread), load(columns.tail),
          _mm512_sub_ps(load(columns.floor), margin)};
}

/// The terms of the sixteen columns from `first` on.
inline ColumnTerms terms_from(ScanColumns columns, GroupBounds bounds, std::size_t first) noexcept {
  return column_terms(columns, bounds,
                      [first](const float* term) { return _mm512_loadu_ps(term + first); });
}

/// Whether the bounds of sixteen sums reach their floors.
inline __mmask16 reach(__m512i sums, RowTerms row, ColumnTerms column, __mmask16 mask) noexcept {
  const __m512 inner = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums), column.step, column.shift);
  const __m512 outer = _mm512_fmadd_ps(row.rest, column.tail, row.bias);
  return _mm512_mask_cmp_ps_mask(mask, _mm512_fmadd_ps(inner, row.scale, outer), column.floor,
                                 _CMP_GE_OQ);
}

}  // namespace
}  // namespace enlace
