#include "encode/quantize_model.h"

#include <cmath>

#include "base/error.h"
#include "encode/model_folder.h"
#include "encode/text_encoder.h"
#include "encode/tiny_model.h"

namespace enlace {
namespace {

std::vector<float> vector_of(const std::filesystem::path& folder, std::string_view text) {
  const TextEncoder encoder = TextEncoder::open(folder);
  std::vector<float> vector(encoder.dimension());
  encoder.encode({&text, 1}, {vector.data(), 1, vector.size()}, 1);
  return vector;
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += double(a[i]) * double(b[i]);
    aa += double(a[i]) * double(a[i]);
    bb += double(b[i]) * double(b[i]);
  }
  return sum / std::sqrt(aa * bb);
}

class QuantizeModel : public testing::Test {
 protected:
  std::filesystem::path converted(WeightType type) {
    const auto folder = model_.path() / name_of(type);
    convert_model(model_.path(), type, folder);
    return folder;
  }

  /// The weights alone, into a folder that is there, each rounded by itself.
  void convert_tensors(WeightType type, const std::filesystem::path& folder) const {
    const Checkpoint model = Checkpoint::open(model_.path());
    write_safetensors(folder / "model.safetensors", converted_tensors(model, type));
  }

  ModelFolder model_;
};

TEST_F(QuantizeModel, RoundsMatricesToBytesByRows) {
  const auto folder = converted(WeightType::kInt8);
  const Checkpoint before = Checkpoint::open(model_.path());
  const Checkpoint after = Checkpoint::open(folder);
  std::size_t matrices = 0;
  for (const CheckpointTensor& entry : before.tensors()) {
    const Tensor* now = after.find(entry.name);
    ASSERT_NE(now, nullptr) << entry.name;
    const auto old_values = load_values(entry.tensor, "before");
    const auto values = load_values(*now, "after");
    if (entry.tensor.shape.size() < 2) {
      EXPECT_EQ(now->type, TensorType::kF32);
      EXPECT_EQ(values, old_values) << entry.name;
      continue;
    }
    ++matrices;
    EXPECT_EQ(now->type, TensorType::kI8) << entry.name;
    EXPECT_EQ(now->shape, entry.tensor.shape);
    const std::size_t width = entry.tensor.shape[1];
    for (std::size_t row = 0; row < entry.tensor.shape[0]; ++row) {
      float greatest = 0;
      for (std::size_t i = 0; i < width; ++i) {
        greatest = std::max(greatest, std::fabs(old_values[row * width + i]));
      }
      // Half a step, and the rounding of three operations on floats; more where a weight takes what
      // others have lost.
      const float steps = entry.name.starts_with("embeddings.") ? 0.5001F : 4;
      for (std::size_t i = 0; i < width; ++i) {
        ASSERT_NEAR(values[row * width + i], old_values[row * width + i],
                    greatest / 127 * steps + 1e-30F);
      }
    }
  }
  EXPECT_GT(matrices, 8U);
  EXPECT_EQ(after.tensors().size(), before.tensors().size());  // the scales are no weights
}

TEST_F(QuantizeModel, ChangesVectorsLessThanWeightsRoundedOneByOne) {
  const auto spread = converted(WeightType::kInt8), alone = model_.path() / "alone";
  std::filesystem::copy(spread, alone, std::filesystem::copy_options::recursive);
  convert_tensors(WeightType::kInt8, alone);
  double changed = 0, changed_alone = 0;
  for (const char* text : {"a b c", "x", "query : q", "z y x w v", "h e a r t", "l u n g"}) {
    const auto before = vector_of(model_.path(), text);
    changed += 1 - cosine(before, vector_of(spread, text));
    changed_alone += 1 - cosine(before, vector_of(alone, text));
  }
  EXPECT_GT(changed, 0);
  EXPECT_LT(changed, 0.8 * changed_alone);
}

TEST_F(QuantizeModel, ReadsAnyRangeOfBytes) {
  const auto folder = converted(WeightType::kInt8);
  const Checkpoint model = Checkpoint::open(folder);
  const Tensor& tensor = *model.find("embeddings.word_embeddings.weight");
  const auto all = load_values(tensor, "m");
  for (const std::size_t first : {0U, 1U, 31U, 32U, 33U, 100U}) {
    for (const std::size_t count : {0U, 1U, 31U, 32U, 70U}) {
      std::vector<float> part(count);
      read_values(tensor, first, part);
      EXPECT_TRUE(std::equal(part.begin(), part.end(), all.begin() + std::ptrdiff_t(first)));
    }
  }
}

TEST_F(QuantizeModel, GivesNearlyTheSameVectors) {
  for (const char* text : {"a b c", "x", "query : q"}) {
    const auto before = vector_of(model_.path(), text);
    EXPECT_GT(cosine(before, vector_of(converted(WeightType::kBf16), text)), 0.9999);
    EXPECT_GT(cosine(before, vector_of(converted(WeightType::kInt8), text)), 0.999);
    EXPECT_EQ(before, vector_of(converted(WeightType::kF32), text));
  }
}

TEST_F(QuantizeModel, IsMadeIntoFloatsAgainWithTheSameValues) {
  const auto bytes = converted(WeightType::kInt8);
  convert_model(bytes, WeightType::kF32, model_.path() / "again");
  EXPECT_EQ(vector_of(model_.path() / "again", "a b c"), vector_of(bytes, "a b c"));
  EXPECT_FALSE(std::filesystem::exists(model_.path() / "again" / "README.md"));
  EXPECT_TRUE(std::filesystem::exists(bytes / "README.md"));
  // Bytes are not rounded twice, and a copy of them stays whole.
  convert_model(bytes, WeightType::kInt8, model_.path() / "twice");
  EXPECT_EQ(vector_of(model_.path() / "twice", "a b c"), vector_of(bytes, "a b c"));
  const Checkpoint checkpoint = Checkpoint::open(bytes);
  const auto copy = model_.path() / "copy";
  write_model_folder(copy, {bytes, read_model_usage(bytes), encoder_tensors(checkpoint), {}, {}});
  EXPECT_EQ(vector_of(copy, "a b c"), vector_of(bytes, "a b c"));
}

TEST_F(QuantizeModel, KeepsRowsOfZeros) {
  const std::vector<float> values(6);
  std::vector<NewTensor> tensors(1);
  tensors[0] = {"embeddings.word_embeddings.weight",
                TensorType::kF32,
                {2, 3},
                std::as_bytes(std::span(values)),
                {}};
  write_safetensors(model_.path() / "model.safetensors", tensors);
  const auto folder = model_.path() / "bytes";
  std::filesystem::create_directory(folder);
  convert_tensors(WeightType::kInt8, folder);
  const Checkpoint model = Checkpoint::open(folder);
  EXPECT_EQ(load_values(*model.find("embeddings.word_embeddings.weight"), "m"), values);
}

constexpr const char* kTokens = "embeddings.word_embeddings.weight";

/// So many blocks of 32 numbers that four bits and a scale for each block hold.
std::vector<float> blocks_of_four_bits(std::size_t blocks) {
  std::vector<float> values;
  for (std::size_t i = 0; i < 32 * blocks; ++i) {
    const std::size_t block = i / 32;
    const float scale = block == 1 ? 0 : from_half(std::uint16_t(0x2000 + 13 * block));
    const int step = i % 32 == 5 ? -8 : int(i * 7 % 16) - 8;
    values.push_back((block % 2 == 0 ? scale : -scale) * float(step));
  }
  return values;
}

TEST_F(QuantizeModel, KeepsWhatFourBitsHoldInFourBits) {
  std::vector<float> values = blocks_of_four_bits(60);
  const auto write = [&] {
    const Checkpoint model = Checkpoint::open(model_.path());
    auto tensors = converted_tensors(model, WeightType::kF32);
    for (NewTensor& tensor : tensors) {
      if (tensor.name != kTokens) continue;
      tensor = {kTokens, TensorType::kF32, {60, 32}, std::as_bytes(std::span(values)), {}};
    }
    const auto written = model_.path() / "new";  // beside the one that is read from
    write_safetensors(written, tensors);
    std::filesystem::rename(written, model_.path() / "model.safetensors");
  };
  write();
  const auto folder = converted(WeightType::kInt8);
  const Checkpoint model = Checkpoint::open(folder);
  const Tensor& tensor = *model.find(kTokens);
  EXPECT_EQ(tensor.type, TensorType::kI4);
  EXPECT_EQ(tensor.shape, (std::vector<std::size_t>{60, 32}));
  EXPECT_EQ(tensor.bytes.size(), 60 * 16U);
  EXPECT_EQ(load_values(tensor, "m"), values);

  convert_model(folder, WeightType::kInt8, model_.path() / "twice");
  const Checkpoint twice = Checkpoint::open(model_.path() / "twice");
  EXPECT_EQ(load_values(*twice.find(kTokens), "m"), values);
  convert_model(folder, WeightType::kF32, model_.path() / "again");
  const Checkpoint again = Checkpoint::open(model_.path() / "again");
  EXPECT_EQ(again.find(kTokens)->type, TensorType::kF32);
  EXPECT_EQ(load_values(*again.find(kTokens), "m"), values);

  values[100] += 1e-4F;  // between two steps
  write();
  std::filesystem::remove_all(folder);
  EXPECT_EQ(Checkpoint::open(converted(WeightType::kInt8)).find(kTokens)->type, TensorType::kI8);
}

TEST_F(QuantizeModel, RefusesPairsWithoutTheirScales) {
  const std::vector<std::byte> pairs(96);
  const std::vector<std::uint16_t> scales(12);
  const auto path = model_.path() / "model.safetensors";
  const auto weight = [&](std::vector<std::size_t> shape) {
    return NewTensor{kTokens, TensorType::kU8, std::move(shape), pairs, {}};
  };
  const auto scale = [&](std::vector<std::size_t> shape) {
    const std::size_t count = shape[0] * shape[1];
    return NewTensor{std::string(kTokens) + "_scale",
                     TensorType::kF16,
                     std::move(shape),
                     std::as_bytes(std::span(scales).first(count)),
                     {}};
  };
  const auto refuses = [&](const std::vector<NewTensor>& tensors) {
    write_safetensors(path, tensors);
    EXPECT_THROW(converted(WeightType::kF32), Error);
  };
  write_safetensors(path, {weight({3, 32})});
  try {
    converted(WeightType::kF32);
    ADD_FAILURE() << "expected an error about the missing scales";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(std::string(kTokens) + "_scale beside U8"),
              std::string::npos)
        << error.what();
  }
  refuses({weight({3, 32}), scale({3, 1})});
  refuses({weight({3, 32}), scale({2, 3})});
  refuses({weight({12, 8}), scale({12, 1})});
  refuses({weight({96}), scale({1, 6})});
  write_safetensors(path, {weight({3, 32}), scale({3, 2})});
  EXPECT_NO_THROW(converted(WeightType::kF32));
}

TEST_F(QuantizeModel, RefusesBytesWithoutTheirScales) {
  const std::vector<std::byte> bytes(6);
  const std::vector<float> scales(3);
  const std::string name = "embeddings.word_embeddings.weight";
  const NewTensor weight{name, TensorType::kI8, {2, 3}, bytes, {}};
  const auto path = model_.path() / "model.safetensors";
  write_safetensors(path, {weight});
  EXPECT_THROW(converted(WeightType::kF32), Error);
  const auto scale = [&](std::vector<std::size_t> shape, std::size_t count) {
    return NewTensor{name + "_scale",
                     TensorType::kF32,
                     std::move(shape),
                     std::as_bytes(std::span(scales).first(count)),
                     {}};
  };
  write_safetensors(path, {weight, scale({3}, 3)});
  EXPECT_THROW(converted(WeightType::kF32), Error);
  write_safetensors(path, {weight, scale({2, 1}, 2)});
  EXPECT_THROW(converted(WeightType::kF32), Error);
  write_safetensors(path, {weight, scale({2}, 2)});
  EXPECT_NO_THROW(converted(WeightType::kF32));
}

}  // namespace
}  // namespace enlace
