#include "train/parameters.h"

#include <cmath>
#include <numbers>

#include <fmt/core.h>

#include "base/random.h"
#include "math/packed_matrix.h"
#include "nn/tensor_loader.h"

namespace enlace {
namespace {

std::size_t padded(std::size_t n) noexcept {
  return rounded_up(n, kPanelWidth);
}

/// Hands out places one after another.
class Places {
 public:
  std::size_t take(std::size_t count) noexcept {
    const std::size_t at = used_;
    used_ += padded(count);
    return at;
  }
  DensePlace dense(std::size_t out, std::size_t in) noexcept {
    const std::size_t weight = take(padded(out) * padded(in));
    return {out, in, padded(in), weight, take(out)};
  }
  NormPlace norm(std::size_t width) noexcept {
    const std::size_t gain = take(width);
    return {gain, take(width)};
  }
  std::size_t used() const noexcept { return used_; }

 private:
  std::size_t used_ = 0;
};

/// Collects the tensors of a layout under their names.
class Namer {
 public:
  explicit Namer(const ParameterLayout& layout) : layout_(layout) {}

  void table(const std::string& name, std::size_t rows, std::size_t first) {
    const std::size_t C = layout_.config.hidden;
    add(name, {rows, C}, first, rows, C, layout_.width);
  }
  void norm(const std::string& name, const NormPlace& place) {
    const std::size_t C = layout_.config.hidden;
    add(name + ".weight", {C}, place.gain, 1, C, 0);
    add(name + ".bias", {C}, place.shift, 1, C, 0);
  }
  void dense(const std::string& name, const DensePlace& place) {
    add(name + ".weight", {place.out, place.in}, place.weight, place.out, place.in, place.stride);
    add(name + ".bias", {place.out}, place.bias, 1, place.out, 0);
  }
  /// Part `part` of query, key and value: a head's rows begin head_width apart.
  void head_rows(const std::string& name, const DensePlace& qkv, std::size_t part) {
    const auto [C, D] = sizes();
    const std::size_t first = part * layout_.heads_width;
    add(name + ".weight", {C, C}, qkv.weight + first * qkv.stride, C, C, qkv.stride);
    places_.back().row_group = D;
    places_.back().row_pitch = layout_.head_width;
    add(name + ".bias", {C}, qkv.bias + first, 1, C, 0);
    pitch_columns(D);
  }
  void head_columns(const std::string& name, const DensePlace& output) {
    const auto [C, D] = sizes();
    add(name + ".weight", {C, C}, output.weight, C, C, output.stride);
    pitch_columns(D);
    add(name + ".bias", {C}, output.bias, 1, C, 0);
  }

  std::vector<TensorPlace> take() { return std::move(places_); }

 private:
  struct Sizes {
    std::size_t hidden, head;
  };
  Sizes sizes() const noexcept {
    return {layout_.config.hidden, layout_.config.hidden / layout_.config.heads};
  }
  void add(const std::string& name, std::vector<std::size_t> shape, std::size_t first,
           std::size_t rows, std::size_t cols, std::size_t stride) {
    places_.push_back({name, std::move(shape), first, rows, cols, stride, rows, 0, cols, 0});
  }
  void pitch_columns(std::size_t group) {
    places_.back().col_group = group;
    places_.back().col_pitch = layout_.head_width;
  }

  const ParameterLayout& layout_;
  std::vector<TensorPlace> places_;
};

bool is_matrix(const TensorPlace& place) noexcept {
  return place.shape.size() == 2;
}

/// A normal number (Box and Muller 1958).
float normal(Random& random) {
  const auto uniform = [&] { return (double(random.next() >> 11) + 0.5) * 0x1p-53; };
  const double radius = std::sqrt(-2 * std::log(uniform()));
  return static_cast<float>(radius * std::cos(2 * std::numbers::pi * uniform()));
}

}  // namespace

ParameterLayout::ParameterLayout(const ModelConfig& model)
    : config(model),
      width(padded(model.hidden)),
      head_width(padded(model.hidden / model.heads)),
      heads_width(model.heads * head_width) {
  Places places;
  positions = places.take(config.positions * width);
  types = places.take(config.types * width);
  embedding_norm = places.norm(width);
  for (std::size_t i = 0; i < config.layers; ++i) {
    LayerPlaces layer{};
    layer.qkv = places.dense(3 * heads_width, config.hidden);
    layer.output = places.dense(config.hidden, heads_width);
    layer.attention_norm = places.norm(width);
    layer.up = places.dense(config.inner, config.hidden);
    layer.down = places.dense(config.hidden, config.inner);
    layer.feed_forward_norm = places.norm(width);
    layers.push_back(layer);
  }
  tokens = places.take(config.vocabulary * width);
  size = places.used();
}

std::vector<TensorPlace> tensor_places(const ParameterLayout& layout) {
  Namer namer(layout);
  const ModelConfig& config = layout.config;
  namer.table("embeddings.position_embeddings.weight", config.positions, layout.positions);
  if (config.types > 0) {
    namer.table("embeddings.token_type_embeddings.weight", config.types, layout.types);
  }
  namer.norm("embeddings.LayerNorm", layout.embedding_norm);
  for (std::size_t i = 0; i < layout.layers.size(); ++i) {
    const LayerPlaces& layer = layout.layers[i];
    const std::string name = fmt::format("encoder.layer.{}.", i);
    namer.head_rows(name + "attention.self.query", layer.qkv, 0);
    namer.head_rows(name + "attention.self.key", layer.qkv, 1);
    namer.head_rows(name + "attention.self.value", layer.qkv, 2);
    namer.head_columns(name + "attention.output.dense", layer.output);
    namer.norm(name + "attention.output.LayerNorm", layer.attention_norm);
    namer.dense(name + "intermediate.dense", layer.up);
    namer.dense(name + "output.dense", layer.down);
    namer.norm(name + "output.LayerNorm", layer.feed_forward_norm);
  }
  namer.table("embeddings.word_embeddings.weight", config.vocabulary, layout.tokens);
  return namer.take();
}

Memory<float> load_parameters(const ParameterLayout& layout, const Checkpoint& model,
                              std::string_view where) {
  const TensorLoader load(model, where);
  const auto places = tensor_places(layout);
  // All shapes are looked at before memory is taken by the configuration's word.
  const auto located = [&](const TensorPlace& place) -> const Tensor& {
    return is_matrix(place) ? load.checked(place.name, {place.shape[0], place.shape[1]})
                            : load.checked(place.name, {place.shape[0]});
  };
  for (const TensorPlace& place : places) located(place);
  auto values = allocate<float>(layout.size);
  std::vector<float> row;
  for (const TensorPlace& place : places) {
    const Tensor& tensor = located(place);
    row.resize(place.cols);
    for (std::size_t r = 0; r < place.rows; ++r) {
      read_values(tensor, r * place.cols, row);
      for (std::size_t c = 0; c < place.cols; ++c) values[place.at(r, c)] = row[c];
    }
  }
  return values;
}

Memory<float> random_parameters(const ParameterLayout& layout, std::uint64_t seed) {
  auto values = allocate<float>(layout.size);
  Random random(seed);
  for (const TensorPlace& place : tensor_places(layout)) {
    const bool gain = !is_matrix(place) && place.name.ends_with("LayerNorm.weight");
    if (!is_matrix(place) && !gain) continue;
    for (std::size_t r = 0; r < place.rows; ++r) {
      for (std::size_t c = 0; c < place.cols; ++c) {
        values[place.at(r, c)] = gain ? 1.0F : 0.02F * normal(random);
      }
    }
  }
  return values;
}

std::vector<NewTensor> as_tensors(const ParameterLayout& layout, const float* values,
                                  const std::function<float(std::size_t)>& factor) {
  std::vector<NewTensor> tensors;
  for (TensorPlace& place : tensor_places(layout)) {
    const bool tokens = place.first == layout.tokens;
    NewTensor tensor;
    tensor.name = place.name;
    tensor.shape = place.shape;
    tensor.fill = [=](std::size_t first, std::span<std::byte> out) {
      // A vector is one row here and one value a row in the file.
      const std::size_t cols = is_matrix(place) ? place.cols : 1;
      auto* to = reinterpret_cast<float*>(out.data());
      for (std::size_t i = 0; i < out.size() / sizeof(float); ++i) {
        const std::size_t row = first + i / cols;
        to[i] = values[is_matrix(place) ? place.at(row, i % cols) : place.at(0, row)];
        if (tokens) to[i] *= factor(row);
      }
    };
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace enlace
