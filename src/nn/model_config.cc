#include "nn/model_config.h"

#include "base/error.h"
#include "base/shown.h"
#include "io/json.h"

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

}  // namespace

ModelConfig parse_model_config(std::string_view text, std::string_view where) {
  JsonParser parser;
  const JsonElement root = parse_json(parser, text, where);
  const auto type = json_get<std::string_view>(root, "model_type", where);
  const bool roberta = type == "roberta" || type == "xlm-roberta" || type == "camembert";
  if (type != "bert" && !roberta) {
    throw Error(ErrorKind::kUnsupported,
                "{}: model_type: expected bert, roberta, xlm-roberta or camembert, found {}", where,
                shown(type));
  }
  require(root, "hidden_act", "gelu", where);
  require(root, "position_embedding_type", "absolute", where);
  if (json_get_or<bool>(root, "is_decoder", false, where)) {
    throw Error(ErrorKind::kUnsupported, "{}: is_decoder: expected false, found true", where);
  }

  ModelConfig config;
  config.layers = size_field(root, "num_hidden_layers", 1, 200, where);
  config.hidden = size_field(root, "hidden_size", 1, 1U << 16, where);
  config.heads = size_field(root, "num_attention_heads", 1, config.hidden, where);
  config.inner = size_field(root, "intermediate_size", 1, 1U << 18, where);
  config.vocabulary = size_field(root, "vocab_size", 1, 1U << 24, where);
  config.positions = size_field(root, "max_position_embeddings", 1, 1U << 20, where);
  config.types = size_field(root, "type_vocab_size", 0, 1U << 10, where);
  const std::size_t most = config.positions - 1;
  if (roberta) config.first_position = size_field(root, "pad_token_id", 0, most, where) + 1;
  if (config.first_position >= config.positions) {
    throw Error(ErrorKind::kCorrupt, "{}: max_position_embeddings: expected more than {}, found {}",
                where, config.first_position, config.positions);
  }
  if (config.hidden % config.heads != 0) {
    throw Error(ErrorKind::kCorrupt, "{}: hidden_size: expected a multiple of {} heads, found {}",
                where, config.heads, config.hidden);
  }
  const auto epsilon = json_get_or<double>(root, "layer_norm_eps", 1e-12, where);
  if (!(epsilon > 0 && epsilon < 1)) {
    throw Error(ErrorKind::kCorrupt, "{}: layer_norm_eps: expected above 0 and below 1, found {}",
                where, epsilon);
  }
  config.epsilon = float(epsilon);
  return config;
}

}  // namespace enlace
