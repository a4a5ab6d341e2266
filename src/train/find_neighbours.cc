#include "train/find_neighbours.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "math/kernels.h"
#include "math/top_k.h"
#include "train/products.h"

namespace enlace {
namespace {

/// Columns whose products with some rows are looked at together.
constexpr std::size_t kColumns = 1024;

}  // namespace

std::vector<std::uint32_t> find_neighbours(MatrixView<const float> vectors, std::size_t each,
                                           std::size_t workers) {
  const std::size_t N = vectors.rows(), C = vectors.cols();
  const std::size_t depth = packed_depth<Bf16>(C);
  const std::size_t padded = rounded_up(N, kColumns);
  const auto rows = allocate<Bf16>((padded + kMostBlockRows) * depth);
  const auto panels = allocate<Bf16>(padded * depth);
  const std::size_t blocks = padded / kPanelWidth;
  parallel_for(workers, blocks, [&](std::size_t, std::size_t block) {
    std::vector<float> unit(C);
    for (std::size_t i = block * kPanelWidth; i < std::min((block + 1) * kPanelWidth, N); ++i) {
      const float* row = vectors.row(i).data();
      const float length = std::sqrt(kernels().dot(row, row, C));
      for (std::size_t c = 0; c < C; ++c) unit[c] = length > 0 ? row[c] / length : 0;
      kernels().to_bf16(unit.data(), C, rows.get() + i * depth);
    }
    train_kernels<Bf16>().pack_columns(rows.get() + block * kPanelWidth * depth, depth, kPanelWidth,
                                       depth, panels.get() + block * kPanelWidth * depth);
  });

  std::vector<std::uint32_t> found(N * each);
  const std::vector<float> zeros(kColumns);
  parallel_for(
      workers, (N + kMostBlockRows - 1) / kMostBlockRows, [&](std::size_t, std::size_t item) {
        const ProductScope scope;
        const std::size_t first = item * kMostBlockRows;
        const std::size_t count = std::min(kMostBlockRows, N - first);
        Buffer<float> room;
        float* cosines = room.shape(kMostBlockRows, kColumns).data();
        std::vector<TopK> nearest(count, TopK(each));
        for (std::size_t column = 0; column < N; column += kColumns) {
          multiply_all<Bf16>(
              {rows.get() + first * depth, depth, count},
              {panels.get() + column * depth, kPanelWidth * depth, kColumns / kPanelWidth, depth},
              {zeros.data(), 0}, cosines, kColumns);
          const std::size_t columns = std::min(kColumns, N - column);
          for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t j = 0; j < columns; ++j) {
              const float cosine = cosines[i * kColumns + j];
              if (cosine < nearest[i].floor() || column + j == first + i) continue;
              nearest[i].offer({static_cast<std::uint32_t>(column + j), cosine});
            }
          }
        }
        for (std::size_t i = 0; i < count; ++i) {
          std::size_t at = (first + i) * each;
          for (const Neighbour& near : nearest[i].take()) found[at++] = near.row;
        }
      });
  return found;
}

}  // namespace enlace
