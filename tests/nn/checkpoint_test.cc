#include "nn/checkpoint.h"

#include "base/error.h"
#include "nn/safetensors.h"
#include "nn/safetensors_file.h"
#include "nn/scratch_folder.h"

namespace enlace {
namespace {

using testing_nn::safetensors_of;
using testing_nn::ScratchFolder;

constexpr const char* kIndex = "model.safetensors.index.json";

float value_of(const Checkpoint& checkpoint, std::string_view name) {
  const Tensor* tensor = checkpoint.find(name);
  return tensor == nullptr ? -1 : load_values(*tensor, "m").front();
}

std::string message_of(const ScratchFolder& folder, ErrorKind kind) {
  try {
    Checkpoint::open(folder.path());
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    const std::string message = error.what();
    EXPECT_TRUE(message.starts_with(folder.path().string())) << message;
    return message.substr(folder.path().string().size());
  }
  ADD_FAILURE() << "expected an error";
  return "";
}

TEST(Checkpoint, FindsTensorsByTheNamesOfBert) {
  const ScratchFolder folder;
  folder.put("model.safetensors", safetensors_of({{"bert.embeddings.LayerNorm.gamma", 1.0F},
                                                  {"bert.encoder.layer.0.output.dense.bias", 2.0F},
                                                  {"bert.pooler.dense.bias", 3.0F},
                                                  {"cls.predictions.bias", 4.0F}}));
  const Checkpoint checkpoint = Checkpoint::open(folder.path());
  EXPECT_EQ(value_of(checkpoint, "embeddings.LayerNorm.weight"), 1);
  EXPECT_EQ(value_of(checkpoint, "encoder.layer.0.output.dense.bias"), 2);
  EXPECT_EQ(checkpoint.find("bert.embeddings.LayerNorm.gamma"), nullptr);
  EXPECT_EQ(checkpoint.find("pooler.dense.bias"), nullptr);
  ASSERT_EQ(checkpoint.tensors().size(), 2U);
  EXPECT_EQ(checkpoint.tensors()[0].tensor.name, "bert.embeddings.LayerNorm.gamma");
  EXPECT_EQ(checkpoint.others(), 2U);
  ASSERT_EQ(checkpoint.files().size(), 1U);
  EXPECT_EQ(checkpoint.file_name(0), (folder.path() / "model.safetensors").string());
}

TEST(Checkpoint, IgnoresTensorsThatNobodyAsksForWhateverTheirType) {
  const std::string file = safetensors_of(
      R"({"embeddings.position_ids":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]}})",
      std::string(8, '\0'));
  EXPECT_NO_THROW(Checkpoint(parse_safetensors(testing_nn::bytes_of(file), "m"), "m"));
}

TEST(Checkpoint, MayLieInSeveralFiles) {
  const ScratchFolder folder;
  folder.put("a-1.safetensors", safetensors_of({{"embeddings.a", 1.0F}, {"embeddings.c", 3.0F}}));
  folder.put("a-2.safetensors", safetensors_of({{"embeddings.b", 2.0F}}));
  folder.put(kIndex, R"({"metadata":{"total_size":12},"weight_map":{"embeddings.c":)"
                     R"("a-1.safetensors","embeddings.b":"a-2.safetensors",)"
                     R"("embeddings.a":"a-1.safetensors"}})");
  const Checkpoint checkpoint = Checkpoint::open(folder.path());
  EXPECT_EQ(value_of(checkpoint, "embeddings.a"), 1);
  EXPECT_EQ(value_of(checkpoint, "embeddings.b"), 2);
  EXPECT_EQ(value_of(checkpoint, "embeddings.c"), 3);
  EXPECT_EQ(checkpoint.file_name(checkpoint.locate("embeddings.b")->file),
            (folder.path() / "a-2.safetensors").string());
  ASSERT_EQ(checkpoint.files().size(), 3U);
  EXPECT_EQ(checkpoint.files()[0].path, folder.path() / kIndex);
}

TEST(Checkpoint, RefusesAnIndexThatDoesNotFitItsShards) {
  const ScratchFolder folder;
  folder.put("1", safetensors_of({{"embeddings.a", 1.0F}}));
  folder.put("2", safetensors_of({{"embeddings.a", 1.0F}, {"embeddings.b", 2.0F}}));
  folder.put("3", safetensors_of({{"bert.embeddings.a", 1.0F}}));
  const auto with = [&](const std::string& map, ErrorKind kind) {
    folder.put(kIndex, R"({"weight_map":{)" + map + "}}");
    return message_of(folder, kind);
  };
  const auto kCorrupt = ErrorKind::kCorrupt;
  const std::string at = folder.path().string() + "/" + kIndex;
  EXPECT_EQ(with(R"("embeddings.a":"1","embeddings.b":"1")", kCorrupt),
            "/1: expected a tensor embeddings.b as " + at + " says, found none");
  EXPECT_EQ(with(R"("embeddings.b":"2")", kCorrupt),
            "/2: tensor embeddings.a: expected to be listed in " + at + ", found otherwise");
  EXPECT_EQ(with(R"("embeddings.a":"1","embeddings.b":"2")", kCorrupt),
            "/2: tensor embeddings.a: expected to be once in " + at + ", found otherwise");
  EXPECT_EQ(with(R"("embeddings.a":"1","bert.embeddings.a":"3")", kCorrupt).substr(0, 33),
            "/1: expected one tensor embedding");
  EXPECT_EQ(with(R"("embeddings.a":"4")", ErrorKind::kNotFound).substr(0, 3), "/4:");
  EXPECT_NE(with("", kCorrupt), "");
}

TEST(Checkpoint, StaysInsideItsFolder) {
  const ScratchFolder folder;
  for (const char* name :
       {"../model", "/etc/passwd", "a/b", "..", ".", "", "a\\\\b", "a\\u0000b"}) {
    folder.put(kIndex, R"({"weight_map":{"embeddings.a":")" + std::string(name) + "\"}}");
    EXPECT_NE(message_of(folder, ErrorKind::kCorrupt), "") << name;
  }
}

TEST(Checkpoint, RefusesAnIndexOfAnotherForm) {
  const ScratchFolder folder;
  for (const char* text : {"", "{", "[]", "{}", R"({"weight_map":[]})", R"({"weight_map":{"a":1}})",
                           R"({"weight_map":{"a":"b","a":"b"}})"}) {
    folder.put(kIndex, text);
    EXPECT_NE(message_of(folder, ErrorKind::kCorrupt), "") << text;
  }
}

TEST(Checkpoint, NamesTheFilesThatItLookedFor) {
  const ScratchFolder folder;
  EXPECT_NE(message_of(folder, ErrorKind::kNotFound).find("model.safetensors"), std::string::npos);
}

}  // namespace
}  // namespace enlace
