// The parameters of a BERT encoder in training: one array of floats, and where each tensor lies.
//
// The letters of nn/encoder_weights.h. Rows of a matrix are padded to whole panels with zeros, and
// so are heads: so products take and give parameters and gradients as they lie. What is padding
// stays zero: its gradients are.
//
//   C = 48 in H = 2 heads of D = 24, padded(24) = 32. Rows of qkv, 192:
//
//     query 0, 24 rows │ 8 of zeros │ query 1, 24 │ 8 │ key 0, 24 │ 8 │ key 1 … value 1, 24 │ 8
//
//   Row 27 of a checkpoint's query.weight, row 3 of head 1, is row 27 / 24 x 32 + 27 % 24 = 35.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "math/buffer.h"
#include "nn/checkpoint.h"
#include "nn/model_config.h"
#include "nn/safetensors_writer.h"

namespace enlace {

/// y = x W^T + b: W (out, in) with rows `stride` apart, and b, by their places in the array.
struct DensePlace {
  std::size_t out, in, stride;
  std::size_t weight, bias;
};

struct NormPlace {
  std::size_t gain, shift;
};

struct LayerPlaces {
  DensePlace qkv;     // (3 H padded(D), C)
  DensePlace output;  // (C, H padded(D))
  NormPlace attention_norm;
  DensePlace up;    // (F, C)
  DensePlace down;  // (C, F)
  NormPlace feed_forward_norm;
};

/// Places of everything. Token embeddings come last, since a step changes few of their rows.
struct ParameterLayout {
  explicit ParameterLayout(const ModelConfig& config);

  ModelConfig config;
  std::size_t width;                     // padded(C): columns of all states
  std::size_t head_width;                // padded(D)
  std::size_t heads_width;               // H padded(D)
  std::size_t positions, types, tokens;  // rows of `width`
  NormPlace embedding_norm;
  std::vector<LayerPlaces> layers;
  std::size_t size;

  std::size_t token(std::size_t id) const noexcept { return tokens + id * width; }
};

/// Where a tensor of a checkpoint lies in the array: value (r, c) at first + row(r) stride +
/// column(c), where groups of rows or columns, one a head, begin a pitch apart.
struct TensorPlace {
  std::string name;  // BERT's
  std::vector<std::size_t> shape;
  std::size_t first, rows, cols, stride;
  std::size_t row_group, row_pitch;
  std::size_t col_group, col_pitch;

  std::size_t at(std::size_t row, std::size_t col) const noexcept {
    return first + (row / row_group * row_pitch + row % row_group) * stride +
           col / col_group * col_pitch + col % col_group;
  }
};

/// All tensors of an encoder, in the order of their places.
std::vector<TensorPlace> tensor_places(const ParameterLayout& layout);

/// The parameters of `model`. Throws Error(kCorrupt) as load_encoder_weights does.
Memory<float> load_parameters(const ParameterLayout& layout, const Checkpoint& model,
                              std::string_view where);

/// Parameters to begin from nothing, as BERT does: matrices and embeddings normal with deviation
/// 0.02, gains 1, all else 0; the same for the same seed.
Memory<float> random_parameters(const ParameterLayout& layout, std::uint64_t seed);

/// The tensors of an encoder as a file has them, without padding. Borrows `values`. `factor` gives
/// what the embedding of a token is multiplied with.
std::vector<NewTensor> as_tensors(
    const ParameterLayout& layout, const float* values,
    const std::function<float(std::size_t token)>& factor = [](std::size_t) { return 1.0F; });

}  // namespace enlace
