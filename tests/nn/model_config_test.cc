#include "nn/model_config.h"

#include <string>

#include <gtest/gtest.h>

#include "base/error.h"

namespace enlace {
namespace {

/// A sound config.json with `key` given as `value`.
std::string config_with(const std::string& key, const std::string& value) {
  std::string text = "{";
  for (const auto& [name, usual] :
       std::initializer_list<std::pair<std::string, std::string>>{{"model_type", "\"bert\""},
                                                                  {"hidden_act", "\"gelu\""},
                                                                  {"num_hidden_layers", "2"},
                                                                  {"hidden_size", "32"},
                                                                  {"num_attention_heads", "4"},
                                                                  {"intermediate_size", "40"},
                                                                  {"vocab_size", "60"},
                                                                  {"max_position_embeddings", "40"},
                                                                  {"type_vocab_size", "2"},
                                                                  {"pad_token_id", "1"}}) {
    if (name != key) text += "\"" + name + "\":" + usual + ",";
  }
  return text + "\"" + key + "\":" + value + "}";
}

std::string message_of(const std::string& text, ErrorKind kind) {
  try {
    parse_model_config(text, "config.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  return "";
}

TEST(ModelConfig, HasTheSizesOfTheFile) {
  const ModelConfig config = parse_model_config(config_with("layer_norm_eps", "1e-5"), "c");
  EXPECT_EQ(config.layers, 2U);
  EXPECT_EQ(config.hidden, 32U);
  EXPECT_EQ(config.heads, 4U);
  EXPECT_EQ(config.inner, 40U);
  EXPECT_EQ(config.vocabulary, 60U);
  EXPECT_EQ(config.max_tokens(), 40U);
  EXPECT_EQ(config.types, 2U);
  EXPECT_FLOAT_EQ(config.epsilon, 1e-5F);
}

TEST(ModelConfig, BeginsRobertaPositionsAfterThePadding) {
  const ModelConfig config = parse_model_config(config_with("model_type", "\"xlm-roberta\""), "c");
  EXPECT_EQ(config.first_position, 2U);
  EXPECT_EQ(config.max_tokens(), 38U);
}

TEST(ModelConfig, TakesTheUsualPaddingOfRobertaWhereNoneIsStated) {
  std::string text = config_with("model_type", "\"camembert\"");
  const std::string padding = "\"pad_token_id\":1,";
  text.erase(text.find(padding), padding.size());
  EXPECT_EQ(parse_model_config(text, "c").first_position, 2U);
}

TEST(ModelConfig, ReadsDistilBertByItsOwnNames) {
  const std::string sizes = R"("model_type":"distilbert","dim":32,"n_heads":4,"n_layers":3,)"
                            R"("hidden_dim":64,"vocab_size":60,"max_position_embeddings":40)";
  const ModelConfig config =
      parse_model_config("{" + sizes + R"(,"activation":"gelu","pad_token_id":0})", "c");
  EXPECT_EQ(config.type, "distilbert");
  EXPECT_EQ(config.layers, 3U);
  EXPECT_EQ(config.hidden, 32U);
  EXPECT_EQ(config.heads, 4U);
  EXPECT_EQ(config.inner, 64U);
  EXPECT_EQ(config.types, 0U);
  EXPECT_EQ(config.first_position, 0U);
  EXPECT_FLOAT_EQ(config.epsilon, 1e-12F);
  EXPECT_EQ(message_of("{" + sizes + R"(,"activation":"relu"})", ErrorKind::kUnsupported),
            "config.json: activation: expected gelu, found relu");
  EXPECT_NE(message_of(config_with("model_type", "\"distilbert\""), ErrorKind::kCorrupt), "");
}

TEST(ModelConfig, RefusesWhatItCannotComputeByName) {
  const auto kUnsupported = ErrorKind::kUnsupported;
  EXPECT_EQ(
      message_of(config_with("model_type", "\"gpt2\""), kUnsupported),
      "config.json: model_type: expected bert, roberta, xlm-roberta, camembert or distilbert, "
      "found gpt2");
  EXPECT_EQ(message_of(config_with("hidden_act", "\"relu\""), kUnsupported),
            "config.json: hidden_act: expected gelu, found relu");
  for (const char* type : {"deberta-v2", "mpnet", "albert", "electra", "ernie"}) {
    EXPECT_TRUE(message_of(config_with("model_type", "\"" + std::string(type) + "\""), kUnsupported)
                    .ends_with(std::string("found ") + type));
  }
  for (const char* act : {"gelu_new", "gelu_pytorch_tanh", "silu"}) {
    EXPECT_TRUE(message_of(config_with("hidden_act", "\"" + std::string(act) + "\""), kUnsupported)
                    .ends_with(std::string("found ") + act));
  }
  EXPECT_NE(message_of(config_with("position_embedding_type", "\"relative_key\""), kUnsupported),
            "");
  EXPECT_NE(message_of(config_with("is_decoder", "true"), kUnsupported), "");
  EXPECT_EQ(message_of(config_with("hidden_act", "\"Juan\\nPerez\""), kUnsupported),
            "config.json: hidden_act: expected gelu, found another");
}

TEST(ModelConfig, RefusesFieldsOutOfRangeMissingOrOfAnotherType) {
  for (const char* key : {"num_hidden_layers", "hidden_size", "num_attention_heads",
                          "intermediate_size", "vocab_size", "max_position_embeddings"}) {
    for (const char* value : {"0", "-1", "1.5", "1000000000000", "\"1\"", "null", "[]"}) {
      EXPECT_NE(message_of(config_with(key, value), ErrorKind::kCorrupt), "") << key << value;
    }
  }
  for (const char* value : {"0", "1", "-1e-5", "\"x\""}) {
    EXPECT_NE(message_of(config_with("layer_norm_eps", value), ErrorKind::kCorrupt), "") << value;
  }
  EXPECT_NE(message_of(config_with("num_attention_heads", "5"), ErrorKind::kCorrupt), "");
  EXPECT_NE(message_of("", ErrorKind::kCorrupt), "");
  EXPECT_NE(message_of("{\"model_type\":", ErrorKind::kCorrupt), "");
  EXPECT_NE(message_of("[]", ErrorKind::kCorrupt), "");
}

}  // namespace
}  // namespace enlace
