#include "nn/encoder.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "io/mapped_file.h"

namespace enlace {
namespace {

const std::string kData = TESTS_DIR "/parity/data/";

std::string read_text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// A model of tests/parity/data and what transformers computes with it.
struct Reference {
  explicit Reference(const std::string& name)
      : file(kData + name + "/model.safetensors"),
        expected_file(kData + name + "/expected.safetensors"),
        config(parse_model_config(read_text(kData + name + "/config.json"), name)),
        tensors(parse_safetensors(file.bytes(), name)),
        expected(parse_safetensors(expected_file.bytes(), name)),
        weights(load_encoder_weights(config, tensors, name)),
        ids(integers<std::int32_t>("ids")),
        starts(integers<std::uint32_t>("starts")),
        states(load_values(*expected.find("states"), name)) {}

  template <class T>
  std::vector<T> integers(const char* name) const {
    const Tensor* tensor = expected.find(name);
    std::vector<T> values(tensor->count());
    std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
    return values;
  }

  MappedFile file, expected_file;
  ModelConfig config;
  Safetensors tensors, expected;
  EncoderWeights weights;
  std::vector<std::int32_t> ids;
  std::vector<std::uint32_t> starts;
  std::vector<float> states;
};

class EncoderParity : public testing::TestWithParam<const char*> {};

TEST_P(EncoderParity, AgreesWithTransformers) {
  const Reference reference(GetParam());
  Workspace workspace;
  const auto found = forward(reference.weights, {reference.ids, reference.starts}, Wanted::kAllTokens, workspace);
  ASSERT_EQ(found.rows() * found.cols(), reference.states.size());
  for (std::size_t i = 0; i < reference.states.size(); ++i) {
    // f32 against f32: only the order of the additions differs.
    ASSERT_NEAR(found.data()[i], reference.states[i], 1e-4F) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Models, EncoderParity,
                         testing::Values("bert-f32", "bert-f16", "bert-bf16", "xlm-roberta-f32"));

TEST(Encoder, GivesASequenceTheSameStatesInAnyBatch) {
  const Reference reference("bert-f32");
  Workspace together;
  const auto all = forward(reference.weights, {reference.ids, reference.starts}, Wanted::kAllTokens, together);
  Workspace apart;
  for (std::size_t s = 0; s + 1 < reference.starts.size(); ++s) {
    const std::uint32_t begin = reference.starts[s];
    const std::uint32_t alone[] = {0, reference.starts[s + 1] - begin};
    const auto ids = std::span<const std::int32_t>(reference.ids).subspan(begin, alone[1]);
    const auto found = forward(reference.weights, {ids, alone}, Wanted::kAllTokens, apart);
    for (std::size_t i = 0; i < found.rows() * found.cols(); ++i) {
      ASSERT_EQ(found.data()[i], all.row(begin).data()[i]) << "sequence " << s << " value " << i;
    }
  }
}

/// The bytes of a model file with every `from` in its header made `to`, of the same length.
std::string renamed(const std::string& model, const std::string& from, const std::string& to) {
  std::string bytes = read_text(kData + model + "/model.safetensors");
  const std::size_t at = bytes.find(from);
  EXPECT_NE(at, std::string::npos);
  return bytes.replace(at, from.size(), to);
}

std::string message_of(const ModelConfig& config, const std::string& file) {
  try {
    const auto bytes = std::as_bytes(std::span(file.data(), file.size()));
    load_encoder_weights(config, parse_safetensors(bytes, "m"), "m");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
    return error.what();
  }
  return "";
}

TEST(EncoderWeights, NameTheTensorThatIsMissing) {
  const Reference reference("bert-f32");
  EXPECT_EQ(message_of(reference.config, renamed("bert-f32", "layer.1.attention.self.key.bias",
                                                 "layer.1.attention.self.kex.bias")),
            "m: expected a tensor encoder.layer.1.attention.self.key.bias of shape [32], found "
            "none");
}

TEST(EncoderWeights, NameTheShapesThatDiffer) {
  const Reference reference("bert-f32");
  const std::string file = read_text(kData + "bert-f32/model.safetensors");
  ASSERT_EQ(message_of(reference.config, file), "");
  ModelConfig other = reference.config;
  other.vocabulary = 1U << 24;  // must not be allocated
  EXPECT_EQ(message_of(other, file),
            "m: tensor embeddings.word_embeddings.weight: expected shape [16777216, 32], found "
            "[60, 32]");
  other = reference.config;
  other.inner = 41;
  EXPECT_EQ(message_of(other, file),
            "m: tensor encoder.layer.0.intermediate.dense.weight: expected shape [41, 32], found "
            "[40, 32]");
  other = reference.config;
  other.layers = 3;
  EXPECT_NE(message_of(other, file), "");
}

TEST(EncoderWeights, MustBeFiniteEveryOne) {
  const Reference reference("bert-f32");
  std::string file = read_text(kData + "bert-f32/model.safetensors");
  const float nan = std::nanf("");
  for (const Tensor& tensor : reference.tensors.tensors) {
    std::string damaged = file;
    const auto at = tensor.bytes.data() + tensor.bytes.size() - 4 - reference.file.bytes().data();
    std::memcpy(&damaged[std::size_t(at)], &nan, sizeof nan);
    EXPECT_NE(
        message_of(reference.config, damaged).find("tensor " + tensor.name + ": expected fin"),
        std::string::npos)
        << tensor.name;
  }
}

}  // namespace
}  // namespace enlace
