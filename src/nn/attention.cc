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

/// The heads of a sequence that is short enough for registers.
void attend_short(MatrixView<const float> qkv, const Heads& heads, MatrixView<float> context) {
  const std::size_t W = context.cols() / heads.count;
  const float scale = 1 / std::sqrt(float(heads.size));
  for (std::size_t head = heads.first; head < heads.last; ++head) {
    const float* queries = qkv.data() + head * W;
    kernels().attend_short({queries, queries + heads.count * W, queries + 2 * heads.count * W,
                            qkv.cols(), qkv.rows(), heads.size, W},
                           context.rows(), scale, context.data() + head * W, context.cols());
  }
}

/// The heads of a sequence of any length.
void attend_long(MatrixView<const float> qkv, const Heads& heads, AttentionWorkspace& workspace,
                 MatrixView<float> context) {
  const auto multiply_panel = products().multiply_f32;
  const auto softmax = kernels().softmax;
  const std::size_t T = qkv.rows();
  const std::size_t D = heads.size;
  const std::size_t W = context.cols() / heads.count;
  const float scale = 1 / std::sqrt(float(D));

  const std::size_t width = (T + kPanelWidth - 1) / kPanelWidth * kPanelWidth;  // of a score row
  const auto keys = workspace.keys.shape(D, width);
  const auto values = workspace.values.shape(T, W);
  const auto scores = workspace.scores.shape(std::min(context.rows(), kQueryRows), width);

  for (std::size_t head = heads.first; head < heads.last; ++head) {
    pack_transposed(qkv, (heads.count + head) * W, D, keys);
    pack(qkv, (2 * heads.count + head) * W, W, values);
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

/// The heads of one sequence.
void attend_to_one(MatrixView<const float> qkv, const Heads& heads, AttentionWorkspace& workspace,
                   MatrixView<float> context) {
  if (qkv.rows() <= kShortTokens && heads.size <= kMostHeadSize) {
    attend_short(qkv, heads, context);
  } else {
    attend_long(qkv, heads, workspace, context);
  }
}

/// The heads of one sequence, and of another of `next_tokens` rows after it.
void attend_to_one(MatrixView<const Bf16> qkv, std::size_t next_tokens, const Heads& heads,
                   AttentionWorkspace& workspace, MatrixView<float> context) {
  const std::size_t W = context.cols() / heads.count, tokens = qkv.rows() - next_tokens;
  if (const auto attend_heads = attend_in_bf16(context.rows(), tokens, W)) {
    const Bf16* queries = qkv.data() + heads.first * W;
    attend_heads({queries, queries + heads.count * W, queries + 2 * heads.count * W, qkv.cols(),
                  tokens, W, heads.last - heads.first, next_tokens},
                 context.rows(), 1 / std::sqrt(float(heads.size)), context.data() + heads.first * W,
                 context.cols());
    return;
  }
  const auto widened = workspace.widened.shape(qkv.rows(), qkv.cols());
  std::transform(qkv.data(), qkv.data() + qkv.rows() * qkv.cols(), widened.data(),
                 [](Bf16 bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); });
  attend_to_one(MatrixView<const float>(widened), heads, workspace, context);
}

/// Tokens of sequence s; 0 beyond the last.
std::size_t tokens_of(Starts starts, std::size_t s) {
  return s + 1 < starts.size() ? starts[s + 1] - starts[s] : 0;
}

/// Tokens of the sequence after s if tiles take both together.
std::size_t paired_tokens(Starts starts, std::size_t s) {
  const std::size_t own = tokens_of(starts, s), next = tokens_of(starts, s + 1);
  return std::max(own, next) <= kMostPairedTokens ? next : 0;
}

}  // namespace

void attend(MatrixView<const float> qkv, Starts starts, bool first_only, const Heads& heads,
            AttentionWorkspace& workspace, MatrixView<float> context) {
  for (std::size_t s = 0, row = 0; s + 1 < starts.size(); ++s) {
    const std::size_t tokens = tokens_of(starts, s);
    attend_to_one(qkv.slice(row, row + tokens), heads, workspace,
                  first_only ? context.slice(s, s + 1) : context.slice(row, row + tokens));
    row += tokens;
  }
}

bool attends_in_bf16() noexcept {
  return attend_in_bf16(1, 1, kPanelWidth) != nullptr;
}

void attend(MatrixView<const Bf16> qkv, Starts starts, bool first_only, const Heads& heads,
            AttentionWorkspace& workspace, MatrixView<float> context) {
  for (std::size_t s = 0, row = 0; s + 1 < starts.size();) {
    const std::size_t next_tokens = first_only ? 0 : paired_tokens(starts, s);
    const std::size_t tokens = tokens_of(starts, s) + next_tokens;
    attend_to_one(qkv.slice(row, row + tokens), next_tokens, heads, workspace,
                  first_only ? context.slice(s, s + 1) : context.slice(row, row + tokens));
    row += tokens;
    s += next_tokens > 0 ? 2 : 1;
  }
}

}  // namespace enlace
