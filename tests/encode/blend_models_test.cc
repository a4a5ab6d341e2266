#include "encode/blend_models.h"

#include <fstream>
#include <sstream>

#include "base/error.h"
#include "encode/model_folder.h"
#include "encode/text_encoder.h"
#include "encode/tiny_model.h"

namespace enlace {
namespace {

std::vector<float> values_of(const std::filesystem::path& folder, std::string_view name) {
  const Checkpoint checkpoint = Checkpoint::open(folder);
  return load_values(*checkpoint.find(name), "test");
}

/// The tiny model with all weights doubled.
std::filesystem::path doubled(const ModelFolder& model) {
  const Checkpoint checkpoint = Checkpoint::open(model.path());
  NewModel twice;
  twice.initial = model.path();
  twice.usage = read_model_usage(model.path());
  for (const CheckpointTensor& from : checkpoint.tensors()) {
    NewTensor tensor;
    tensor.name = from.name;
    tensor.shape = from.tensor.shape;
    const auto values = load_values(from.tensor, "test");
    tensor.fill = [values, columns = values.size() / from.tensor.shape[0]](
                      std::size_t first, std::span<std::byte> out) {
      auto* to = reinterpret_cast<float*>(out.data());
      for (std::size_t i = 0; i < out.size() / 4; ++i) to[i] = 2 * values[first * columns + i];
    };
    twice.tensors.push_back(tensor);
  }
  write_model_folder(model.path() / "twice", twice);
  return model.path() / "twice";
}

TEST(BlendModels, LieBetweenTheTwo) {
  const ModelFolder model;
  const auto twice = doubled(model), out = model.path() / "out";
  for (const float share : {0.0F, 0.25F, 1.0F}) {
    blend_models(model.path(), twice, share, out);
    for (const char* name :
         {"embeddings.word_embeddings.weight", "encoder.layer.0.output.dense.bias"}) {
      const auto before = values_of(model.path(), name), after = values_of(out, name);
      ASSERT_EQ(before.size(), after.size());
      for (std::size_t i = 0; i < before.size(); ++i) {
        ASSERT_NEAR(after[i], (1 + share) * before[i], 1e-6F);
      }
    }
    TextEncoder::open(out);
  }
}

TEST(BlendModels, EndAtEitherModelToTheLastBit) {
  const ModelFolder model;
  const auto twice = doubled(model), out = model.path() / "out";
  const char* name = "embeddings.word_embeddings.weight";
  blend_models(model.path(), twice, 1, out);
  EXPECT_EQ(values_of(out, name), values_of(twice, name));
  blend_models(model.path(), twice, 0, out);
  EXPECT_EQ(values_of(out, name), values_of(model.path(), name));
}

TEST(BlendModels, AreOfOneFamilyWithEqualHeads) {
  const ModelFolder model;
  const auto twice = doubled(model);
  std::ifstream file(twice / "config.json");
  std::string config{std::istreambuf_iterator<char>(file), {}};
  const std::string heads = "\"num_attention_heads\": ";
  const std::size_t at = config.find(heads) + heads.size();
  ASSERT_LT(at, config.size());
  config[at] = config[at] == '1' ? '2' : '1';
  std::ofstream(twice / "config.json") << config;
  try {
    blend_models(model.path(), twice, 0.5F, model.path() / "out");
    ADD_FAILURE() << "blended them";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInvalidArgument) << error.what();
  }
}

TEST(BlendModels, KeepTheRecordsOfEarlierBlendsAndOfTrainingRuns) {
  const ModelFolder model;
  const auto twice = doubled(model), first = model.path() / "first",
             second = model.path() / "second";
  model.put("training.json", R"({"command":"enlace train --out a"})");
  blend_models(model.path(), twice, 0.5F, first);
  blend_models(twice, first, 0.25F, second);
  std::ostringstream record;
  record << std::ifstream(second / "blending.json").rdbuf();
  EXPECT_EQ(record.str(), R"({"steps":[{"initial":")" + model.path().filename().string() +
                              R"(","share":0.5,"command":"enlace train --out a"},)" +
                              R"({"initial":"twice","share":0.25}]})" + "\n");
}

TEST(BlendModels, KeepTheBlendsOfTheInitialModel) {
  const ModelFolder model;
  const auto twice = doubled(model), first = model.path() / "first",
             second = model.path() / "second";
  blend_models(model.path(), twice, 0.5F, first);
  blend_models(first, twice, 0.25F, second);
  std::ostringstream record;
  record << std::ifstream(second / "blending.json").rdbuf();
  EXPECT_EQ(record.str(), R"({"steps":[{"initial":"first","share":0.25,"steps":[{"initial":")" +
                              model.path().filename().string() + R"(","share":0.5}]}]})" + "\n");
}

TEST(BlendModels, RefuseAnotherShape) {
  const ModelFolder model;
  const auto twice = doubled(model);
  const Checkpoint checkpoint = Checkpoint::open(model.path());
  std::vector<NewTensor> tensors(1);
  tensors[0].name = "embeddings.LayerNorm.bias";
  tensors[0].shape = {3};
  try {
    blend(checkpoint, 0.5F, tensors);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInvalidArgument);
    EXPECT_NE(
        std::string(error.what()).find("embeddings.LayerNorm.bias: expected shape [3], found ["),
        std::string::npos);
  }
}

}  // namespace
}  // namespace enlace
