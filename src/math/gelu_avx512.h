// gelu for values that will be rounded to halves: only for files compiled for AVX-512.
#pragma once

#include <immintrin.h>

#include "math/polynomials.h"

namespace enlace {
namespace {

/// Error at most 3e-4; NaN stays NaN.
inline __m512 rough_gelu(__m512 x) noexcept {
  using namespace polynomials;
  const __m512 t = _mm512_min_ps(_mm512_abs_ps(x), _mm512_set1_ps(kGeluEnd));
  const __m512 w = _mm512_fmsub_ps(t, _mm512_set1_ps(2 / kGeluEnd), _mm512_set1_ps(1));
  __m512 sum = _mm512_set1_ps(kGelu[8]);
#pragma GCC unroll 8
  for (int i = 7; i >= 0; --i) sum = _mm512_fmadd_ps(sum, w, _mm512_set1_ps(kGelu[i]));
  // The second operand is kept if one is NaN.
  return _mm512_sub_ps(_mm512_max_ps(_mm512_setzero_ps(), x), sum);
}

}  // namespace
}  // namespace enlace
