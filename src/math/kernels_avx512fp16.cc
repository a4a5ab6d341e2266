#include <immintrin.h>

#include "math/dequantized_rows_avx512.h"
#include "math/gelu_avx512fp16.h"
#include "math/kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kLanes = 32;  // halves in a vector

void dequantize_gelu_half(const std::int32_t* sums, std::size_t m, QuantizedRows rows,
                          QuantizedColumns columns, Base base, Half* c,
                          std::size_t c_stride) noexcept {
  const BlockScales scales{rows, columns};
  DequantizedRows dequantized(scales, base);
  dequantized.begin({0, 0, m});
  for (std::size_t i = 0; i < m; ++i) {
    const Row row = dequantized.next(reinterpret_cast<const char*>(sums + i * kPanelWidth));
    _mm512_storeu_ph(c + i * c_stride, half_gelu(as_halves(row.low, row.high)));
  }
}

void quantize_halves(const Half* x, const float* scale, std::size_t n, std::uint8_t* y, float* step,
                     float* shift) noexcept {
  constexpr std::size_t kMost = 512;  // values of a row that are kept scaled
  const std::size_t vectors = n / kLanes;
  alignas(64) Half kept[kMost];
  if (n % kLanes != 0 || n > kMost)
    return kAvx512Kernels.quantize_halves(x, scale, n, y, step, shift);
  __m512h lows = _mm512_setzero_ph(), highs = _mm512_setzero_ph();
  for (std::size_t v = 0; v < vectors; ++v) {
    const std::size_t i = v * kLanes;
    const __m512h scales = as_halves(_mm512_loadu_ps(scale + i), _mm512_loadu_ps(scale + i + 16));
    const __m512h value = _mm512_mul_ph(_mm512_loadu_ph(x + i), scales);
    _mm512_store_ph(kept + i, value);
    lows = _mm512_min_ph(lows, value);
    highs = _mm512_max_ph(highs, value);
  }
  const float low = static_cast<float>(_mm512_reduce_min_ph(lows));
  const float high = static_cast<float>(_mm512_reduce_max_ph(highs));
  // Binary16 is exact enough in the middle of its range: the rest goes the longer way.
  if (!(high - low > 0.01F && high - low < 10000)) {
    return kAvx512Kernels.quantize_halves(x, scale, n, y, step, shift);
  }
  const __m512h factor = _mm512_set1_ph(static_cast<_Float16>(255 / (high - low)));
  const float per_step = static_cast<float>(_mm512_cvtsh_h(factor));
  const int zero = _mm_cvtss_si32(_mm_set_ss(-low * per_step));
  *step = 1 / per_step;
  *shift = *step * static_cast<float>(zero);
  // From 1024 to 2048 halves are whole numbers: the byte is in the lowest bits.
  const __m512h start = _mm512_set1_ph(static_cast<_Float16>(1024 + zero));
  const auto bytes_at = [&](std::size_t i) {
    const __m512h value = _mm512_fmadd_ph(_mm512_load_ph(kept + i), factor, start);
    const __m512h held =
        _mm512_min_ph(_mm512_max_ph(value, same_half(kHalf1024)), same_half(kHalf1279));
    return _mm512_cvtepi16_epi8(_mm512_castph_si512(held));
  };
  for (std::size_t v = 0; v < vectors; ++v) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(y + v * kLanes), bytes_at(v * kLanes));
  }
}

}  // namespace

Kernels with_half_arithmetic(const Kernels& table) noexcept {
  Kernels result = table;
  result.name = "avx512fp16";
  result.dequantize_gelu_half = dequantize_gelu_half;
  result.quantize_halves = quantize_halves;
  return result;
}

}  // namespace enlace
