#include "encode/model_folder.h"

#include <fstream>
#include <sstream>

#include "base/error.h"
#include "encode/text_encoder.h"
#include "encode/tiny_model.h"
#include "nn/checkpoint.h"

namespace enlace {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<float> vector_of(const std::filesystem::path& folder, std::string_view text) {
  const TextEncoder encoder = TextEncoder::open(folder);
  std::vector<float> vector(encoder.dimension());
  encoder.encode({&text, 1}, {vector.data(), 1, vector.size()}, 1);
  return vector;
}

TEST(NewModelFolder, IsUsedAsItSays) {
  const ModelFolder initial;
  const std::filesystem::path folder = initial.path() / "new";
  const Checkpoint weights = Checkpoint::open(initial.path());
  for (const bool normalize : {true, false}) {
    for (const Pooling pooling : {Pooling::kMean, Pooling::kCls}) {
      for (const char* prefix : {"", "query: \"<"}) {
        const ModelUsage usage{"", pooling,   prefix,     !normalize,          normalize,
                               31, normalize, !normalize, normalize ? 0.2F : 0};
        NewModel model;
        model.initial = initial.path();
        model.usage = usage;
        model.tensors = encoder_tensors(weights);
        write_model_folder(folder, model);
        const ModelUsage found = read_model_usage(folder);
        EXPECT_EQ(found.encoder, folder);
        EXPECT_EQ(found.pooling, pooling);
        EXPECT_EQ(found.prefix, prefix);
        EXPECT_EQ(found.lower_case, !normalize);
        EXPECT_EQ(found.normalize, normalize);
        EXPECT_EQ(found.max_tokens, 31U);
        EXPECT_EQ(found.fold_case, normalize);
        EXPECT_EQ(found.plain_names, !normalize);
        EXPECT_EQ(found.concept_share, normalize ? 0.2F : 0);
        EXPECT_EQ(std::filesystem::exists(folder / "2_Normalize"), normalize);
        // The files of sentence-transformers say the same without ours.
        std::filesystem::remove(folder / "enlace.json");
        EXPECT_EQ(read_model_usage(folder).pooling, pooling);
        EXPECT_EQ(read_model_usage(folder).prefix, prefix);
        EXPECT_EQ(read_model_usage(folder).max_tokens, 31U);
      }
    }
  }
}

TEST(NewModelFolder, GivesTheVectorsOfTheModelItWasMadeOf) {
  const ModelFolder initial;
  initial.put("enlace.json", R"({"prefix":"query : ","max_tokens":12})");
  const auto folder = initial.path() / "new";
  const Checkpoint weights = Checkpoint::open(initial.path());
  const ModelUsage usage = read_model_usage(initial.path());
  write_model_folder(folder, {initial.path(), usage, encoder_tensors(weights), {}, {}});
  EXPECT_EQ(vector_of(folder, "a b c"), vector_of(initial.path(), "a b c"));
  EXPECT_NE(vector_of(folder, "a b c"), vector_of(folder, "a b d"));
}

TEST(NewModelFolder, HasTheNumbersAndFilesThatItWasGiven) {
  const ModelFolder initial;
  initial.put("tokenizer_config.json", "{}");
  const auto folder = initial.path() / "new";
  initial.put("NOTICE.md", "whose it is");
  initial.put("blending.json", "{}");
  NewModel model;
  model.initial = initial.path();
  model.dropped = {"blending.json"};
  model.config = {{"vocab_size", 77}, {"new_number", 5}};
  model.files = {{"README.md", "# A model\n"}, {"vocab.txt", "[UNK]\n"}};
  write_model_folder(folder, model);
  const std::string config = content_of(folder / "config.json");
  EXPECT_NE(config.find("\"vocab_size\": 77,"), std::string::npos) << config;
  EXPECT_NE(config.find("\"new_number\": 5,"), std::string::npos) << config;
  EXPECT_NE(config.find("\"BertModel\""), std::string::npos) << config;
  EXPECT_EQ(content_of(folder / "README.md"), "# A model\n");
  EXPECT_EQ(content_of(folder / "vocab.txt"), "[UNK]\n");
  EXPECT_EQ(content_of(folder / "tokenizer_config.json"), "{}");
  EXPECT_EQ(content_of(folder / "NOTICE.md"), "whose it is");
  EXPECT_FALSE(std::filesystem::exists(folder / "blending.json"));
}

TEST(NewModelFolder, IsNotThereUntilItIsWhole) {
  const ModelFolder initial;
  const auto folder = initial.path() / "new";
  const auto fill = [](std::size_t, std::span<std::byte>) {
    throw Error(ErrorKind::kIo, "no space");
  };
  NewModel model;
  model.initial = initial.path();
  model.tensors = {{"x", TensorType::kF32, {1}, {}, fill}};
  EXPECT_THROW(write_model_folder(folder, model), Error);
  EXPECT_FALSE(std::filesystem::exists(folder));
  std::filesystem::remove(initial.path() / "vocab.txt");
  model.tensors.clear();
  try {
    write_model_folder(folder, model);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kNotFound);
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace enlace
