#include "nn/model_config.h"

#include "base/error.h"
#include "base/shown.h"
#include "io/json.h"
#include "io/mapped_file.h"

namespace enlace {
namespace {

std::size_t size_field(JsonElement root, std::string_view key, std::size_t least, std::size_t most,
                       std::string_view where) {
  const auto value = json_get<std::uint64_t>(root, key, where);
  if (value < least || value > most) {
    throw Error(ErrorKind::kCorrupt, "{}: {}: expected {} to {}, found {}", where, key, least, most,
                value);
  }
  return value;
}

void require(JsonElement root, std::string_view key, std::string_view expected,
             std::string_view where) {
  const auto found = json_get_or<std::string_view>(root, key, expected, where);
  if (found != expected) {
    throw Error(ErrorKind::kUnsupported, "{}: {}: expected {}, found {}", where, key, expected,
                shown(found));
  }
}

/// How a family calls its sizes; null for what it has not.
struct Family {
  std::string_view type;
  const char* layers = "num_hidden_layers";
  const char* hidden = "hidden_size";
  const char* heads = "num_attention_heads";
  const char* inner = "intermediate_size";
  const char* activation = "hidden_act";
  const char* types = "type_vocab_size";
  const char* epsilon = "layer_norm_eps";
  const char* hidden_dropout = "hidden_dropout_prob";
  const char* attention_dropout = "attention_probs_dropout_prob";
  bool positions_after_padding = false;
};

constexpr Family kFamilies[] = {
    {.type = "bert"},
    {.type = "roberta", .positions_after_padding = true},
    {.type = "xlm-roberta", .positions_after_padding = true},
    {.type = "camembert", .positions_after_padding = true},
    {.type = "distilbert",
     .layers = "n_layers",
     .hidden = "dim",
     .heads = "n_heads",
     .inner = "hidden_dim",
     .activation = "activation",
     .types = nullptr,
     .epsilon = nullptr,
     .hidden_dropout = "dropout",
     .attention_dropout = "attention_dropout"},
};

const Family& family_of(JsonElement root, std::string_view where) {
  const auto type = json_get<std::string_view>(root, "model_type", where);
  for (const Family& family : kFamilies) {
    if (family.type == type) return family;
  }
  throw Error(ErrorKind::kUnsupported,
              "{}: model_type: expected bert, roberta, xlm-roberta, camembert or distilbert, found "
              "{}",
              where, shown(type));
}

constexpr double kDefaultEpsilon = 1e-12;

float epsilon_of(JsonElement root, const Family& family, std::string_view where) {
  if (family.epsilon == nullptr) return float(kDefaultEpsilon);
  const auto epsilon = json_get_or<double>(root, family.epsilon, kDefaultEpsilon, where);
  if (!(epsilon > 0 && epsilon < 1)) {
    throw Error(ErrorKind::kCorrupt, "{}: {}: expected above 0 and below 1, found {}", where,
                family.epsilon, epsilon);
  }
  return float(epsilon);
}

float dropout_of(JsonElement root, const char* key, std::string_view where) {
  constexpr double kUsual = 0.1;  // of every family, where its config.json says nothing
  const auto rate = json_get_or<double>(root, key, kUsual, where);
  if (!(rate >= 0 && rate < 1)) {
    throw Error(ErrorKind::kCorrupt, "{}: {}: expected at least 0 and below 1, found {}", where,
                key, rate);
  }
  return float(rate);
}

}  // namespace

ModelConfig parse_model_config(std::string_view text, std::string_view where) {
  JsonParser parser;
  const JsonElement root = parse_json(parser, text, where);
  const Family& family = family_of(root, where);
  require(root, family.activation, "gelu", where);
  require(root, "position_embedding_type", "absolute", where);
  if (json_get_or<bool>(root, "is_decoder", false, where)) {
    throw Error(ErrorKind::kUnsupported, "{}: is_decoder: expected false, found true", where);
  }

  ModelConfig config;
  config.type = family.type;
  config.layers = size_field(root, family.layers, 1, 200, where);
  config.hidden = size_field(root, family.hidden, 1, 1U << 16, where);
  config.heads = size_field(root, family.heads, 1, config.hidden, where);
  config.inner = size_field(root, family.inner, 1, 1U << 18, where);
  config.vocabulary = size_field(root, "vocab_size", 1, 1U << 24, where);
  config.positions = size_field(root, "max_position_embeddings", 1, 1U << 20, where);
  if (family.types != nullptr) {
    constexpr std::size_t kUsualTypes = 2;  // where config.json says nothing
    const bool stated = json_member(root, family.types, where).has_value();
    config.types = stated ? size_field(root, family.types, 0, 1U << 10, where) : kUsualTypes;
  }
  if (family.positions_after_padding) {
    const bool stated = json_member(root, "pad_token_id", where).has_value();
    config.first_position =
        1 + (stated ? size_field(root, "pad_token_id", 0, config.positions - 1, where) : 1);
  }
  if (config.first_position >= config.positions) {
    throw Error(ErrorKind::kCorrupt, "{}: max_position_embeddings: expected more than {}, found {}",
                where, config.first_position, config.positions);
  }
  if (config.hidden % config.heads != 0) {
    throw Error(ErrorKind::kCorrupt, "{}: {}: expected a multiple of {} heads, found {}", where,
                family.hidden, config.heads, config.hidden);
  }
  config.epsilon = epsilon_of(root, family, where);
  config.hidden_dropout = dropout_of(root, family.hidden_dropout, where);
  config.attention_dropout = dropout_of(root, family.attention_dropout, where);
  return config;
}

ModelConfig read_model_config(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "config.json";
  return parse_model_config(MappedFile(path).text(), path.string());
}

}  // namespace enlace
