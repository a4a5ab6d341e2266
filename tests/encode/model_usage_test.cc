#include "encode/model_usage.h"

#include "base/error.h"
#include "encode/tiny_model.h"

namespace enlace {
namespace {

const std::string kModules =
    R"([{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},)"
    R"({"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"},)"
    R"({"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}])";

ErrorKind kind_of_failure(const ModelFolder& model) {
  try {
    read_model_usage(model.path());
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(model.path().string()), std::string::npos);
    return error.kind();
  }
  ADD_FAILURE() << "expected an error";
  return ErrorKind::kInternal;
}

TEST(ModelUsage, IsTheDefaultWhereNothingIsSaid) {
  const ModelFolder model;
  const ModelUsage usage = read_model_usage(model.path());
  EXPECT_EQ(usage.pooling, Pooling::kMean);
  EXPECT_EQ(usage.prefix, "");
  EXPECT_TRUE(usage.normalize);
  EXPECT_EQ(usage.max_tokens, 48U);
}

TEST(ModelUsage, FollowsTheFilesOfSentenceTransformers) {
  const ModelFolder model;
  model.put("modules.json", kModules);
  model.put("1_Pooling/config.json",
            R"({"word_embedding_dimension":32,"pooling_mode_cls_token":true,)"
            R"("pooling_mode_mean_tokens":false})");
  model.put("config_sentence_transformers.json",
            R"({"prompts":{"query":"query: ","document":"doc: "},"default_prompt_name":"query"})");
  const ModelUsage usage = read_model_usage(model.path());
  EXPECT_EQ(usage.pooling, Pooling::kCls);
  EXPECT_EQ(usage.prefix, "query: ");

  model.put("1_Pooling/config.json", R"({"embedding_dimension":32,"pooling_mode":"mean"})");
  EXPECT_EQ(read_model_usage(model.path()).pooling, Pooling::kMean);
  model.put("1_Pooling/config.json",
            R"({"pooling_mode":["cls"],"pooling_mode_mean_tokens":true,"include_prompt":true})");
  EXPECT_EQ(read_model_usage(model.path()).pooling, Pooling::kCls);  // the word counts
  model.put("1_Pooling/config.json", "{}");
  EXPECT_EQ(read_model_usage(model.path()).pooling, Pooling::kMean);
  model.put("1_Pooling/config.json", R"({"include_prompt":false})");
  EXPECT_EQ(kind_of_failure(model), ErrorKind::kUnsupported);  // there is a prompt
}

TEST(ModelUsage, TakesThePoolingAlsoWhereNoModulesAreListed) {
  const ModelFolder model;
  model.put("1_Pooling/config.json", R"({"pooling_mode_cls_token":true})");
  EXPECT_EQ(read_model_usage(model.path()).pooling, Pooling::kCls);
}

TEST(ModelUsage, FindsTheEncoderInItsOwnFolderWithItsSettings) {
  const ModelFolder model;
  EXPECT_EQ(read_model_usage(model.path()).encoder, model.path());
  model.put("modules.json",
            R"([{"path":"0_Transformer","type":"sentence_transformers.models.Transformer"},)"
            R"({"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}])");
  model.put("1_Pooling/config.json", R"({"pooling_mode_mean_tokens":true})");
  model.put("0_Transformer/sentence_distilbert_config.json",
            R"({"max_seq_length":128,"do_lower_case":true})");
  const ModelUsage usage = read_model_usage(model.path());
  EXPECT_EQ(usage.encoder, model.path() / "0_Transformer");
  EXPECT_EQ(usage.max_tokens, 128U);
  EXPECT_TRUE(usage.lower_case);

  model.put("0_Transformer/sentence_bert_config.json", R"({"max_seq_length":null})");
  EXPECT_GT(read_model_usage(model.path()).max_tokens, 512U);  // as many as there are positions
  model.put("0_Transformer/tokenizer_config.json", R"({"model_max_length":25})");
  EXPECT_EQ(read_model_usage(model.path()).max_tokens, 25U);
  model.put("0_Transformer/tokenizer_config.json",
            R"({"model_max_length":1000000000000000019884624838656})");
  EXPECT_GT(read_model_usage(model.path()).max_tokens, 512U);
  model.put("0_Transformer/sentence_bert_config.json",
            R"({"processor_kwargs":{"truncation_side":"left"}})");
  EXPECT_EQ(kind_of_failure(model), ErrorKind::kUnsupported);
  model.put("0_Transformer/sentence_bert_config.json", R"({"max_seq_length":0})");
  EXPECT_EQ(kind_of_failure(model), ErrorKind::kCorrupt);
}

TEST(ModelUsage, NamesTheModuleThatItDoesNotKnow) {
  const ModelFolder model;
  model.put("modules.json", R"([{"path":"2","type":"sentence_transformers.models.Dense"}])");
  try {
    read_model_usage(model.path());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), (model.path() / "modules.json").string() +
                                ": type: expected Transformer, Pooling or Normalize of "
                                "sentence_transformers, found sentence_transformers.models.Dense");
  }
}

TEST(ModelUsage, RefusesClassesOfTheModelsOwnAndAnotherOrder) {
  const ModelFolder model;
  model.put("1_Pooling/config.json", "{}");
  const std::string pooling =
      R"({"path":"1_Pooling","type":"sentence_transformers.models.Pooling"})";
  for (const std::string& modules :
       {R"([{"path":"","type":"custom_st.Transformer"},)" + pooling + "]",
        "[" + pooling + R"(,{"path":"","type":"sentence_transformers.models.Transformer"}])"}) {
    model.put("modules.json", modules);
    EXPECT_EQ(kind_of_failure(model), ErrorKind::kUnsupported) << modules;
  }
}

TEST(ModelUsage, RefusesShorterVectors) {
  const ModelFolder model;
  model.put("config_sentence_transformers.json", R"({"truncate_dim":null})");
  read_model_usage(model.path());
  model.put("config_sentence_transformers.json", R"({"truncate_dim":16})");
  EXPECT_EQ(kind_of_failure(model), ErrorKind::kUnsupported);
}

TEST(ModelUsage, RefusesModulesWithoutOneEncoderAndOnePooling) {
  const ModelFolder model;
  for (const char* modules :
       {"[]", R"([{"path":"","type":"sentence_transformers.models.Transformer"}])"}) {
    model.put("modules.json", modules);
    EXPECT_EQ(kind_of_failure(model), ErrorKind::kUnsupported) << modules;
  }
}

TEST(ModelUsage, ObeysOurOwnFileFirst) {
  const ModelFolder model;
  model.put("config_sentence_transformers.json",
            R"({"prompts":{"query":"query: "},"default_prompt_name":"query"})");
  model.put("enlace.json", R"({"pooling":"cls","prefix":"p: ","normalize":false,"max_tokens":12,)"
                           R"("fold_case":true,"plain_names":true,"concept_share":0.25})");
  const ModelUsage usage = read_model_usage(model.path());
  EXPECT_EQ(usage.pooling, Pooling::kCls);
  EXPECT_EQ(usage.prefix, "p: ");
  EXPECT_FALSE(usage.normalize);
  EXPECT_EQ(usage.max_tokens, 12U);
  EXPECT_TRUE(usage.fold_case);
  EXPECT_TRUE(usage.plain_names);
  EXPECT_EQ(usage.concept_share, 0.25F);
}

TEST(ModelUsage, RefusesModulesAndPoolingsItDoesNotKnow) {
  const ModelFolder model;
  model.put("modules.json", R"([{"path":"2","type":"sentence_transformers.models.Dense"}])");
  EXPECT_EQ(kind_of_failure(model), ErrorKind::kUnsupported);
  model.put("modules.json", kModules);
  EXPECT_EQ(kind_of_failure(model), ErrorKind::kNotFound);
  for (const char* pooling :
       {R"({"pooling_mode":"max"})", R"({"pooling_mode":["mean","cls"]})",
        R"({"pooling_mode_lasttoken":true})", R"({"pooling_mode_mean_tokens":false})",
        R"({"pooling_mode_mean_tokens":true,"pooling_mode_cls_token":true})"}) {
    model.put("1_Pooling/config.json", pooling);
    EXPECT_EQ(kind_of_failure(model), ErrorKind::kUnsupported) << pooling;
  }
}

TEST(ModelUsage, StaysInsideItsFolder) {
  const ModelFolder model;
  for (const char* path : {"../1_Pooling", "/etc", "..", ""}) {
    model.put("modules.json", R"([{"path":"1/..","type":"sentence_transformers.Transformer"}])");
    EXPECT_EQ(kind_of_failure(model), ErrorKind::kCorrupt);
    model.put("modules.json", R"([{"path":")" + std::string(path) +
                                  R"(","type":"sentence_transformers.models.Pooling"}])");
    EXPECT_EQ(kind_of_failure(model), ErrorKind::kCorrupt) << path;
  }
}

TEST(ModelUsage, RefusesFilesOfAnotherForm) {
  const ModelFolder model;
  for (const char* own :
       {"", "{", "[]", R"({"prefix":1})", R"({"normalize":"yes"})", R"({"max_tokens":0})",
        R"({"max_tokens":-1})", R"({"fold_case":1})", R"({"concept_share":true})",
        R"({"concept_share":1.5})", R"({"max_tokens":2})", R"({"max_tokens":99999999999})"}) {
    model.put("enlace.json", own);
    EXPECT_EQ(kind_of_failure(model), ErrorKind::kCorrupt) << own;
  }
  model.put("enlace.json", R"({"pooling":"max"})");
  EXPECT_EQ(kind_of_failure(model), ErrorKind::kUnsupported);
}

}  // namespace
}  // namespace enlace
