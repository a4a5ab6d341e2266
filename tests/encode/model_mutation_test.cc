// A damaged model folder is opened and used or refused with an Error, never more than that.
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "encode/text_encoder.h"
#include "encode/tiny_model.h"
#include "fuzz/damage.h"

namespace enlace {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(ModelMutation, DamagedFoldersAreUsedOrRefused) {
  constexpr const char* kFiles[] = {"config.json",
                                    "model.safetensors",
                                    "vocab.txt",
                                    "modules.json",
                                    "1_Pooling/config.json",
                                    "sentence_bert_config.json",
                                    "config_sentence_transformers.json",
                                    "enlace.json",
                                    "tokenizer_config.json"};
  const ModelFolder model;
  model.put("modules.json",
            R"([{"path":"","type":"sentence_transformers.models.Transformer"},)"
            R"({"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}])");
  model.put("1_Pooling/config.json", R"({"pooling_mode_cls_token":true,"include_prompt":true})");
  model.put("sentence_bert_config.json", R"({"max_seq_length":16,"do_lower_case":true})");
  model.put("config_sentence_transformers.json",
            R"({"prompts":{"q":"query: "},"default_prompt_name":"q"})");
  model.put("enlace.json", R"({"pooling":"mean","prefix":"q ","normalize":true,"max_tokens":12})");
  model.put("tokenizer_config.json", R"({"do_lower_case":false,"model_max_length":40})");
  std::size_t used = 0;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < 540; ++i) {
    Random random(i);
    const std::string name = kFiles[i % std::size(kFiles)];
    const std::string good = read_file(model.path() / name);
    model.put(name, testing_fuzz::damaged(good, random));
    try {
      const TextEncoder encoder = TextEncoder::open(model.path());
      std::vector<float> vector(encoder.dimension());
      const std::string_view texts[] = {"a b C"};
      encoder.encode(texts, {vector.data(), 1, vector.size()}, 1);
      ++used;
    } catch (const Error& error) {
      ++refused;
      EXPECT_STRNE(error.what(), "");
    }
    model.put(name, good);
  }
  EXPECT_GT(used, 30U);
  EXPECT_GT(refused, 250U);
}

}  // namespace
}  // namespace enlace
