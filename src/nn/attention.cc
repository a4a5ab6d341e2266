#include "nn/attention.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "math/kernels.h"
#include "math/tile_attention.h"

namespace enlace {
namespace {

constexpr std::size_t kMostHeadSize = 128;  // for attention in registers
constexpr std::size_t kQueryRows = 64;      // whose scores are alive at a time

/// Columns [column, column + D) of `from` (T, any) as panels of T columns and depth D: k^T.
void pack_transposed(MatrixView<const float> from, std::size_t column, std::size_t D,
                     MatrixView<float> panels) {
  for (std::size_t t = 0; t < from.rows(); ++t) {
    const float* row = &from.row(t)[column];
    float* to = panels.data() + t / kPanelWidth * D * kPanelWidth + t % kPanelWidth;
    for (std::size_t d = 0; d < D; ++d) to[d * kPanelWidth] = row[d];
  }
}

/// Columns [column, column + W) of `from` (T, any) as panels of W columns and depth T.
void pack(MatrixView<const float> from, std::size_t column, std::size_t W,
          MatrixView<float> panels) {
  for (std::size_t t = 0; t < from.rows(); ++t) {
    for (std::size_t w = 0; w < W; w += kPanelWidth) {
      std::copy_n(&from.row(t)[column + w], kPanelWidth,
                  panels.data() + w * from.rows() + t * kPanelWidth);
    }
  }
}

/// The heads [first, last) of a sequence that is short enough for registers.
void attend_short(MatrixView<const float> qkv, std::size_t heads, std::size_t head_size,
                  std::size_t first, std::size_t last, MatrixView<float> context) {
  const std::size_t W = context.cols() / heads;
  const float scale = 1 / std::sqrt(float(head_size));
  for (std::size_t head = first; head < last; ++head) {
    const float* queries = qkv.data() + head * W;
    kernels().attend_short({queries, queries + heads * W, queries + 2 * heads * W, qkv.cols(),
                            qkv.rows(), head_size, W},
                           context.rows(), scale, context.data() + head * W, context.cols());
  }
}

}  // namespace

void attend(MatrixView<const float> qkv, std::size_t heads, std::size_t head_size,
            std::size_t first_head, std::size_t last_head, AttentionWorkspace& workspace,
            MatrixView<float> context) {
  if (qkv.rows() <= kShortTokens && head_size <= kMostHeadSize) {
    attend_short(qkv, heads, head_size, first_head, last_head, context);
    return;
  }
  const auto multiply_panel = products().multiply_f32;
  const auto softmax = kernels().softmax;
  const std::size_t T = qkv.rows();
  const std::size_t D = head_size;
  const std::size_t W = context.cols() / heads;
  const float scale = 1 / std::sqrt(float(D));

  const std::size_t width = (T + kPanelWidth - 1) / kPanelWidth * kPanelWidth;  // of a score row
  const auto keys = workspace.keys.shape(D, width);
  const auto values = workspace.values.shape(T, W);
  const auto scores = workspace.scores.shape(std::min(context.rows(), kQueryRows), width);

  for (std::size_t head = first_head; head < last_head; ++head) {
    pack_transposed(qkv, (heads + head) * W, D, keys);
    pack(qkv, (2 * heads + head) * W, W, values);
    for (std::size_t first = 0; first < context.rows(); first += kQueryRows) {
      const std::size_t rows = std::min(kQueryRows, context.rows() - first);
      const float* queries = &qkv.row(first)[head * W];
      for (std::size_t t = 0; t < width; t += kPanelWidth) {
        multiply_panel(queries, qkv.cols(), rows, keys.data() + t * D, D, scores.data() + t, width);
      }
      for (std::size_t row = 0; row < rows; ++row) softmax(scores.row(row).data(), T, scale);
      for (std::size_t w = 0; w < W; w += kPanelWidth) {
        multiply_panel(scores.data(), width, rows, values.data() + w * T, T,
                       &context.row(first)[head * W + w], context.cols());
      }
    }
  }
}

bool attends_in_bf16() noexcept {
  return attend_in_bf16(1, 1, kPanelWidth) != nullptr;
}

void attend(MatrixView<const Bf16> qkv, std::size_t heads, std::size_t head_size,
            std::size_t first_head, std::size_t last_head, AttentionWorkspace& workspace,
            MatrixView<float> context) {
  const std::size_t W = context.cols() / heads;
  if (const auto attend_heads = attend_in_bf16(context.rows(), qkv.rows(), W)) {
    const Bf16* queries = qkv.data() + first_head * W;
    attend_heads({queries, queries + heads * W, queries + 2 * heads * W, qkv.cols(), qkv.rows(), W,
                  last_head - first_head},
                 context.rows(), 1 / std::sqrt(float(head_size)), context.data() + first_head * W,
                 context.cols());
    return;
  }
  const auto widened = workspace.widened.shape(qkv.rows(), qkv.cols());
  std::transform(qkv.data(), qkv.data() + qkv.rows() * qkv.cols(), widened.data(),
                 [](Bf16 bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); });
  attend(MatrixView<const float>(widened), heads, head_size, first_head, last_head, workspace,
         context);
}

}  // namespace enlace
