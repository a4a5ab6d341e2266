#include "nn/encoder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "../../bench/random_encoder.h"

#include "base/error.h"
#include "io/mapped_file.h"
#include "math/block_products.h"
#include "nn/safetensors.h"

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
      : model(Checkpoint::open(kData + name)),
        expected_file(kData + name + "/expected.safetensors"),
        config(parse_model_config(read_text(kData + name + "/config.json"), name)),
        expected(parse_safetensors(expected_file.bytes(), name)),
        weights(load_encoder_weights(config, model, name)),
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

  Checkpoint model;
  MappedFile expected_file;
  ModelConfig config;
  TensorFile expected;
  EncoderWeights weights;
  std::vector<std::int32_t> ids;
  std::vector<std::uint32_t> starts;
  std::vector<float> states;
};

class EncoderParity : public testing::TestWithParam<const char*> {};

TEST_P(EncoderParity, AgreesWithTransformers) {
  const Reference reference(GetParam());
  Workspace workspace;
  const auto found =
      forward(reference.weights, {reference.ids, reference.starts}, Wanted::kAllTokens, workspace);
  ASSERT_EQ(found.rows() * found.cols(), reference.states.size());
  for (std::size_t i = 0; i < reference.states.size(); ++i) {
    // f32 against f32: only the order of the additions differs.
    ASSERT_NEAR(found.data()[i], reference.states[i], 1e-4F) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Models, EncoderParity,
                         testing::Values("bert-f32", "bert-f16", "bert-bf16", "xlm-roberta-f32",
                                         "distilbert-bin"));

TEST(Encoder, GivesASequenceTheSameStatesInAnyBatch) {
  const Reference reference("bert-f32");
  Workspace together;
  const auto all =
      forward(reference.weights, {reference.ids, reference.starts}, Wanted::kAllTokens, together);
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

std::vector<float> copy(MatrixView<const float> states) {
  return {states.data(), states.data() + states.rows() * states.cols()};
}

TEST(Encoder, GivesACrewTheSameStates) {
  const Reference reference("bert-f32");
  const Batch batch{reference.ids, reference.starts};
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    const EncoderWeights weights =
        load_encoder_weights(reference.config, reference.model, "m", precision);
    for (const Wanted wanted : {Wanted::kAllTokens, Wanted::kFirstTokens}) {
      Workspace workspace;
      const auto alone = copy(forward(weights, batch, wanted, workspace));
      for (const std::size_t size : {1U, 2U, 3U, 7U}) {
        Crew crew(size);
        std::vector<Workspace> workspaces(size);
        const auto together = forward_together(weights, batch, wanted, crew, workspaces);
        ASSERT_TRUE(together);
        EXPECT_EQ(copy(*together), alone) << name_of(precision) << ' ' << size;
      }
    }
  }
}

TEST(Encoder, GivesACrewTheSameStatesWhereACacheDoesNotHoldALayer) {
  const std::vector<std::int32_t> ids{5, 17, 400, 999, 3, 8, 21};
  const std::vector<std::uint32_t> starts{0, 4, 7};
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    const RandomEncoder encoder(precision, 2, 6144);
    const Batch batch{ids, starts};
    Workspace workspace;
    const auto alone = copy(forward(encoder.weights(), batch, Wanted::kAllTokens, workspace));
    Crew crew(2);
    std::vector<Workspace> workspaces(2);
    const auto together =
        forward_together(encoder.weights(), batch, Wanted::kAllTokens, crew, workspaces);
    ASSERT_TRUE(together);
    EXPECT_EQ(copy(*together), alone) << name_of(precision);
  }
}

TEST(Encoder, GivesFirstTokensAloneTheStatesTheyHaveAmongAll) {
  const Reference reference("xlm-roberta-f32");
  const Batch batch{reference.ids, reference.starts};
  Workspace workspace;
  const auto all = copy(forward(reference.weights, batch, Wanted::kAllTokens, workspace));
  const auto first = forward(reference.weights, batch, Wanted::kFirstTokens, workspace);
  ASSERT_EQ(first.rows() + 1, reference.starts.size());
  for (std::size_t s = 0; s < first.rows(); ++s) {
    for (std::size_t c = 0; c < first.cols(); ++c) {
      EXPECT_EQ(first.row(s)[c], all[reference.starts[s] * first.cols() + c]);
    }
  }
}

TEST(Encoder, SmallerNumbersGiveNearlyTheSameStates) {
  const Reference reference("bert-f32");
  const Batch batch{reference.ids, reference.starts};
  Workspace workspace;
  const auto exact = copy(forward(reference.weights, batch, Wanted::kAllTokens, workspace));
  EncoderStatistics seen = empty_statistics(reference.weights);
  forward(reference.weights, batch, Wanted::kAllTokens, workspace, &seen);
  for (const Precision precision : {Precision::kBf16, Precision::kInt8}) {
    for (const bool calibrated : {false, true}) {
      const EncoderWeights weights = load_encoder_weights(reference.config, reference.model, "m",
                                                          precision, calibrated ? &seen : nullptr);
      const auto found = copy(forward(weights, batch, Wanted::kAllTokens, workspace));
      double product = 0, a = 0, b = 0;
      for (std::size_t i = 0; i < exact.size(); ++i) {
        product += double(exact[i]) * double(found[i]);
        a += double(exact[i]) * double(exact[i]);
        b += double(found[i]) * double(found[i]);
      }
      EXPECT_GT(product / std::sqrt(a * b), 0.9995) << name_of(precision);
      EXPECT_NE(found, exact);
    }
  }
}

/// A model of one layer as wide as those of names are, whose matrices are made by `value`.
class MadeModel {
 public:
  template <class Value>
  explicit MadeModel(const Value& value) : matrix_(384 * 384), norm_(384, 1) {
    std::generate(matrix_.begin(), matrix_.end(), value);
    config.layers = 1;
    config.hidden = config.inner = 384;
    config.heads = 12;
    config.vocabulary = 384;
    config.positions = 64;
    config.epsilon = 1e-12F;
    add("embeddings.word_embeddings.weight", matrix_, {384, 384});
    add("embeddings.position_embeddings.weight", matrix_, {64, 384});
    add_norm("embeddings.LayerNorm");
    const std::string layer = "encoder.layer.0.";
    for (const char* part : {"attention.self.query", "attention.self.key", "attention.self.value",
                             "attention.output.dense", "intermediate.dense", "output.dense"}) {
      add(layer + part + ".weight", matrix_, {384, 384});
      add(layer + part + ".bias", matrix_, {384});
    }
    for (const char* part : {"attention.output.LayerNorm", "output.LayerNorm"}) {
      add_norm(layer + part);
    }
    std::ranges::sort(file_.tensors, {}, &Tensor::name);
  }

  EncoderWeights weights(Precision precision) const {
    return load_encoder_weights(config, Checkpoint(file_, "made"), "made", precision);
  }

  ModelConfig config;

 private:
  void add(const std::string& name, const std::vector<float>& values,
           const std::vector<std::size_t>& shape) {
    Tensor tensor{name, TensorType::kF32, shape, {}};
    tensor.bytes = std::as_bytes(std::span(values).first(tensor.count()));
    file_.tensors.push_back(tensor);
  }
  void add_norm(const std::string& name) {
    add(name + ".weight", norm_, {384});
    add(name + ".bias", matrix_, {384});
  }

  std::vector<float> matrix_, norm_;
  TensorFile file_;
};

TEST(Encoder, OfManyTokensInBytesIsNearThatInF32) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.05F);
  const MadeModel model([&] { return normal(random); });
  std::vector<std::int32_t> ids;
  std::vector<std::uint32_t> starts{0};
  for (const std::uint32_t tokens : {11U, 40U, 3U, 16U, 60U, 17U, 1U}) {
    for (std::uint32_t i = 0; i < tokens; ++i) ids.push_back(std::int32_t(random() % 384));
    starts.push_back(std::uint32_t(ids.size()));
  }
  Workspace workspace;
  const auto of = [&](Precision precision) {
    return copy(forward(model.weights(precision), {ids, starts}, Wanted::kAllTokens, workspace));
  };
  const auto expected = of(Precision::kF32), found = of(Precision::kInt8);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t n = 0; n < ids.size(); ++n) {
    double dot = 0, a = 0, b = 0;
    for (std::size_t i = n * 384; i < (n + 1) * 384; ++i) {
      dot += double(expected[i]) * found[i];
      a += double(expected[i]) * expected[i];
      b += double(found[i]) * found[i];
    }
    EXPECT_GT(dot / std::sqrt(a * b), 0.999) << "token " << n;
  }
}

TEST(EncoderWeights, OfEqualBytesStayWithinWhatAColumnMayHave) {
  const MadeModel model([] { return 0.02F; });  // 127 a weight would be 48,768 a column
  const EncoderWeights weights = model.weights(Precision::kInt8);
  const Linear& up = weights.layers[0].up;
  for (std::size_t j = 0; j < up.out(); ++j) {
    ASSERT_LE(up.column_sum[j], kMostColumnSum);
    ASSERT_NEAR(up.scale[j] * float(up.column_sum[j]), 384 * 0.02F, 384 * 0.02F / 100);
  }
}

TEST(EncoderWeights, AreTheSameFromTheBlockTheyWerePackedInto) {
  const Reference reference("bert-f32");
  const Batch batch{reference.ids, reference.starts};
  Workspace workspace;
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    const EncoderWeights packed =
        load_encoder_weights(reference.config, reference.model, "m", precision);
    const EncoderWeights bound =
        bind_encoder_weights(reference.config, reference.model, "m", precision, packed.block);
    const auto expected = copy(forward(packed, batch, Wanted::kAllTokens, workspace));
    EXPECT_EQ(copy(forward(bound, batch, Wanted::kAllTokens, workspace)), expected);
    EXPECT_THROW(bind_encoder_weights(reference.config, reference.model, "m", precision,
                                      packed.block.first(packed.block.size() - 1)),
                 Error);
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
    load_encoder_weights(config, Checkpoint(parse_safetensors(bytes, "m"), "m"), "m");
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
  const std::byte* begin = reference.model.files()[0].content.bytes().data();
  for (const auto& [name, tensor, number] : reference.model.tensors()) {
    std::string damaged = file;
    const auto at = tensor.bytes.data() + tensor.bytes.size() - 4 - begin;
    std::memcpy(&damaged[std::size_t(at)], &nan, sizeof nan);
    EXPECT_NE(
        message_of(reference.config, damaged).find("tensor " + tensor.name + ": expected fin"),
        std::string::npos)
        << tensor.name;
  }
}

}  // namespace
}  // namespace enlace
