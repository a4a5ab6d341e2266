#include "nn/tensor_names.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

using Name = std::optional<std::string>;

TEST(TensorNames, OfBertAreItsOwn) {
  for (const char* name : {"embeddings.word_embeddings.weight", "embeddings.LayerNorm.bias",
                           "encoder.layer.11.attention.self.query.weight"}) {
    EXPECT_EQ(bert_name(name), Name(name));
  }
}

TEST(TensorNames, LoseWhatStandsBeforeTheEncoder) {
  for (const char* before : {"bert.", "roberta.", "camembert.", "distilbert.", "xlm-roberta.",
                             "model.", "auto_model.", "0.auto_model.", "module.model.bert."}) {
    EXPECT_EQ(bert_name(std::string(before) + "encoder.layer.0.output.dense.bias"),
              Name("encoder.layer.0.output.dense.bias"))
        << before;
  }
}

TEST(TensorNames, OfDistilBertBecomeThoseOfBert) {
  const std::pair<const char*, const char*> parts[] = {
      {"attention.q_lin", "attention.self.query"},
      {"attention.k_lin", "attention.self.key"},
      {"attention.v_lin", "attention.self.value"},
      {"attention.out_lin", "attention.output.dense"},
      {"sa_layer_norm", "attention.output.LayerNorm"},
      {"ffn.lin1", "intermediate.dense"},
      {"ffn.lin2", "output.dense"},
      {"output_layer_norm", "output.LayerNorm"}};
  for (const auto& [distilbert, bert] : parts) {
    EXPECT_EQ(bert_name(std::string("distilbert.transformer.layer.12.") + distilbert + ".bias"),
              Name(std::string("encoder.layer.12.") + bert + ".bias"));
  }
}

TEST(TensorNames, HaveTheWordsOfTodayForLayerNorms) {
  EXPECT_EQ(bert_name("bert.encoder.layer.3.attention.output.LayerNorm.gamma"),
            Name("encoder.layer.3.attention.output.LayerNorm.weight"));
  EXPECT_EQ(bert_name("bert.embeddings.LayerNorm.beta"), Name("embeddings.LayerNorm.bias"));
}

TEST(TensorNames, AreNoneForWhatIsNoPartOfAnEncoder) {
  for (const char* name :
       {"", ".", "bert.", "pooler.dense.weight", "cls.predictions.bias", "lm_head.dense.weight",
        "vocab_projector.bias", "transformer.layer.", "transformer.layer.1",
        "transformer.layer.0.mlp.weight", "decoder.encoder.layer.0.output.dense.bias"}) {
    EXPECT_EQ(bert_name(name), std::nullopt) << name;
  }
}

TEST(TensorNames, ArePublishedAsTheFamilyHasThem) {
  for (const char* name :
       {"embeddings.LayerNorm.weight", "transformer.layer.3.attention.out_lin.bias",
        "transformer.layer.11.ffn.lin2.weight", "transformer.layer.0.output_layer_norm.bias"}) {
    EXPECT_EQ(published_name(*bert_name(name), "distilbert"), name);
  }
  const char* own = "encoder.layer.0.attention.output.dense.weight";
  EXPECT_EQ(published_name(own, "xlm-roberta"), own);
}

}  // namespace
}  // namespace enlace
