#include "math/scan_kernels.h"

namespace enlace {
namespace {

void multiply_rows(const std::uint8_t* rows, std::size_t k, std::size_t m, const std::int8_t* query,
                   std::int32_t* sums) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    sums[i] = 0;
    for (std::size_t l = 0; l < k; ++l) sums[i] += std::int32_t{rows[i * k + l]} * query[l];
  }
}

bool reaches(std::int32_t sum, ScanRows rows, std::size_t i, ScanColumns columns, std::size_t j,
             GroupBounds bounds) noexcept {
  const float spread = columns.error[j] * bounds.length + columns.length[j] * bounds.error;
  const float inner = columns.step[j] * static_cast<float>(sum) + (columns.zero[j] + spread);
  const float outer = rows.bias[i] + rows.rest[i] * columns.tail[j];
  const float margin = columns.rounding[j] * bounds.norm + kScanUnderflow;
  return outer + rows.scale[i] * inner >= columns.floor[j] - margin;
}

std::size_t find_in_panel(const std::int32_t* sums, std::size_t m, ScanRows rows,
                          ScanColumns columns, GroupBounds bounds, std::uint32_t* hits) noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < m; ++i) {
    hits[i] = 0;
    for (std::size_t j = 0; j < kPanelWidth; ++j) {
      const bool hit = reaches(sums[i * kPanelWidth + j], rows, i, columns, j, bounds);
      hits[i] |= std::uint32_t{hit} << j;
      count += hit ? 1 : 0;
    }
  }
  return count;
}

std::uint32_t find_in_rows(const std::int32_t* sums, std::size_t m, ScanRows rows,
                           ScanColumns column, GroupBounds bounds, std::uint32_t* hits) noexcept {
  std::uint32_t any = 0;
  for (std::size_t i = 0; i < m; ++i) {
    if (i % 32 == 0) hits[i / 32] = 0;
    hits[i / 32] |= std::uint32_t{reaches(sums[i], rows, i, column, 0, bounds)} << i % 32;
    any |= hits[i / 32];
  }
  return any;
}

void add_products(ScanHit* hits, std::size_t count, const std::uint8_t* rows, std::size_t k,
                  const std::int8_t* queries, std::size_t query_stride) noexcept {
  for (std::size_t h = 0; h < count; ++h) {
    std::int32_t sum;
    multiply_rows(rows + hits[h].row * k, k, 1, queries + hits[h].column * query_stride, &sum);
    hits[h].sum += sum;
  }
}

}  // namespace

const ScanKernels kScalarScanKernels{"scalar", multiply_rows, find_in_panel, find_in_rows,
                                     add_products};

}  // namespace enlace
