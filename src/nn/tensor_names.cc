#include "nn/tensor_names.h"

#include <array>
#include <utility>

namespace enlace {
namespace {

constexpr std::array<std::string_view, 10> kPrefixes{
    "module.",  "model.",     "auto_model.", "0.",           "bert.",
    "roberta.", "camembert.", "distilbert.", "xlm-roberta.", "xlm_roberta."};

using Renaming = std::pair<std::string_view, std::string_view>;

/// Of what follows a layer's number in DistilBERT, up to "weight" or "bias".
constexpr std::array<Renaming, 8> kDistilBertParts{{
    {"attention.q_lin.", "attention.self.query."},
    {"attention.k_lin.", "attention.self.key."},
    {"attention.v_lin.", "attention.self.value."},
    {"attention.out_lin.", "attention.output.dense."},
    {"sa_layer_norm.", "attention.output.LayerNorm."},
    {"ffn.lin1.", "intermediate.dense."},
    {"ffn.lin2.", "output.dense."},
    {"output_layer_norm.", "output.LayerNorm."},
}};

constexpr std::string_view kDistilBertLayer = "transformer.layer.";
constexpr std::string_view kLayer = "encoder.layer.";

constexpr std::array<Renaming, 2> kEndings{
    {{"LayerNorm.gamma", "LayerNorm.weight"}, {"LayerNorm.beta", "LayerNorm.bias"}}};

bool take_prefix(std::string_view& name) {
  for (const std::string_view prefix : kPrefixes) {
    if (name.starts_with(prefix)) {
      name.remove_prefix(prefix.size());
      return true;
    }
  }
  return false;
}

/// `rest` begins with the number of a layer.
std::optional<std::string> distilbert_name(std::string_view rest) {
  const std::size_t dot = rest.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view part = rest.substr(dot + 1);
  for (const auto& [distilbert, bert] : kDistilBertParts) {
    if (part.starts_with(distilbert)) {
      return std::string(kLayer)
          .append(rest.substr(0, dot + 1))
          .append(bert)
          .append(part.substr(distilbert.size()));
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> bert_name(std::string_view stored) {
  while (take_prefix(stored)) {
  }
  if (stored.starts_with(kDistilBertLayer)) {
    return distilbert_name(stored.substr(kDistilBertLayer.size()));
  }
  if (!stored.starts_with("embeddings.") && !stored.starts_with(kLayer)) return std::nullopt;
  for (const auto& [old, name] : kEndings) {
    if (!stored.ends_with(old)) continue;
    return std::string(stored.substr(0, stored.size() - old.size())).append(name);
  }
  return std::string(stored);
}

std::string published_name(std::string_view name, std::string_view model_type) {
  if (model_type != "distilbert" || !name.starts_with(kLayer)) return std::string(name);
  const std::string_view rest = name.substr(kLayer.size());
  const std::string_view part = rest.substr(rest.find('.') + 1);
  for (const auto& [distilbert, bert] : kDistilBertParts) {
    if (!part.starts_with(bert)) continue;
    return std::string(kDistilBertLayer)
        .append(rest.substr(0, rest.size() - part.size()))
        .append(distilbert)
        .append(part.substr(bert.size()));
  }
  return std::string(name);
}

}  // namespace enlace
