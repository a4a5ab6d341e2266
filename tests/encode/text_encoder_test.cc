#include "encode/text_encoder.h"

#include <numeric>

#include "base/error.h"
#include "encode/model_tokenizer.h"
#include "encode/tiny_model.h"
#include "io/mapped_file.h"
#include "math/products.h"
#include "nn/encoder.h"
#include "nn/safetensors.h"
#include "text/load_tokenizer.h"

namespace enlace {
namespace {

using Texts = std::vector<std::string_view>;

std::vector<float> encode(const TextEncoder& encoder, const Texts& texts, std::size_t workers = 1) {
  std::vector<float> out(texts.size() * encoder.dimension());
  encoder.encode(texts, {out.data(), texts.size(), encoder.dimension()}, workers);
  return out;
}

ErrorKind kind_of_failure(const ModelFolder& model, std::string_view named) {
  try {
    TextEncoder::open(model.path());
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(named), std::string::npos) << error.what();
    return error.kind();
  }
  ADD_FAILURE() << "expected an error about " << named;
  return ErrorKind::kInternal;
}

TEST(TextEncoder, GivesTheMeanOfTheStatesOfItsTokens) {
  const ModelFolder model;
  model.put("enlace.json", R"({"prefix":"query: ","normalize":false})");
  const auto found = encode(TextEncoder::open(model.path()), {"b A"});

  const MappedFile file(model.path() / "model.safetensors");
  const MappedFile config(model.path() / "config.json");
  const auto weights = load_encoder_weights(
      parse_model_config(
          {reinterpret_cast<const char*>(config.bytes().data()), config.bytes().size()}, "c"),
      Checkpoint(parse_safetensors(file.bytes(), "m"), "m"), "m");
  const std::vector<std::int32_t> ids{2, 30, 31, 5, 4, 3};  // [CLS] query : b a [SEP]
  const std::uint32_t starts[] = {0, 6};
  Workspace workspace;
  const auto states = forward(weights, {ids, starts}, Wanted::kAllTokens, workspace);
  for (std::size_t c = 0; c < 32; ++c) {
    float mean = 0;
    for (std::size_t t = 0; t < 6; ++t) mean += states.row(t)[c] / 6;
    EXPECT_NEAR(found[c], mean, 1e-6F) << c;
  }
}

TEST(TextEncoder, LowersTheTextWhereTheModelAsksForIt) {
  const ModelFolder model;
  model.put("tokenizer_config.json", R"({"do_lower_case":false})");
  const auto plain = encode(TextEncoder::open(model.path()), {"a", "A"});
  EXPECT_FALSE(std::equal(plain.begin(), plain.begin() + 32, plain.begin() + 32));
  model.put("sentence_bert_config.json", R"({"do_lower_case":true})");
  const auto lowered = encode(TextEncoder::open(model.path()), {"a", "A"});
  EXPECT_TRUE(std::equal(lowered.begin(), lowered.begin() + 32, lowered.begin() + 32));
}

TEST(TextEncoder, FindsItsFilesInTheFolderOfTheEncoder) {
  const ModelFolder model;
  const auto expected = encode(TextEncoder::open(model.path()), {"a b"});
  model.put("modules.json",
            R"([{"path":"0_Transformer","type":"sentence_transformers.models.Transformer"},)"
            R"({"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}])");
  model.put("1_Pooling/config.json", R"({"pooling_mode":"mean"})");
  std::filesystem::create_directory(model.path() / "0_Transformer");
  for (const char* name : {"config.json", "model.safetensors", "vocab.txt"}) {
    std::filesystem::rename(model.path() / name, model.path() / "0_Transformer" / name);
  }
  EXPECT_EQ(encode(TextEncoder::open(model.path()), {"a b"}), expected);
}

TEST(TextEncoder, GivesATextTheSameVectorInAnyCompanyAndForAnyNumberOfWorkers) {
  const ModelFolder model;
  const TextEncoder encoder = TextEncoder::open(model.path());
  std::vector<std::string> made;
  for (std::size_t i = 0; i < 700; ++i) {  // many batches; every text twice
    std::string text;
    for (std::size_t j = 0; j <= i % 350 % 23; ++j) {
      (text += char('a' + (i % 350 * 7 + j * 5) % 26)) += ' ';
    }
    made.push_back(text);
  }
  const Texts texts(made.begin(), made.end());
  const auto together = encode(encoder, texts);
  EXPECT_EQ(encode(encoder, texts, 4), together);
  for (const std::size_t i : {0U, 1U, 22U, 345U, 350U, 699U}) {
    const auto alone = encode(encoder, {texts[i]});
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(),
                           together.begin() + std::ptrdiff_t(i * encoder.dimension())))
        << i;
  }
}

TEST(TextEncoder, GivesATextWithoutTokensZeros) {
  const ModelFolder model;
  model.put("tokenizer.json",
            R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":{)"
            R"("type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,)"
            R"("strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},)"
            R"("post_processor":null,"decoder":null,"model":{"type":"WordPiece",)"
            R"("unk_token":"[UNK]","max_input_chars_per_word":100,)"
            R"("continuing_subword_prefix":"##","vocab":{"[UNK]":0,"a":1,"b":2}}})");
  for (const char* pooling : {"cls", "mean"}) {
    model.put("enlace.json", R"({"pooling":")" + std::string(pooling) + R"("})");
    for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
      const TextEncoder encoder = TextEncoder::open(model.path(), precision);
      const auto a = encode(encoder, {"a"}), b = encode(encoder, {"b b"});
      const std::vector<float> zeros(encoder.dimension(), 0.0F);
      const Texts texts{"\u00AD", "a", "", "b b", " "};
      for (const std::size_t workers : {1U, 2U}) {
        const auto found = encode(encoder, texts, workers);
        std::size_t row = 0;
        for (const auto* expected : {&zeros, &a, &zeros, &b, &zeros}) {
          EXPECT_TRUE(std::ranges::equal(
              *expected, std::span(found).subspan(row++ * zeros.size(), zeros.size())));
        }
        EXPECT_EQ(encode(encoder, {""}, workers), zeros);
      }
    }
  }
}

TEST(TextEncoder, NormalizesUnlessToldOtherwise) {
  const ModelFolder model;
  const auto found = encode(TextEncoder::open(model.path()), {"a", ""});
  for (const std::size_t row : {0U, 1U}) {
    const float* v = &found[row * 32];
    EXPECT_NEAR(std::inner_product(v, v + 32, v, 0.0F), 1, 1e-5F);
  }
}

TEST(TextEncoder, CutsLongTexts) {
  const ModelFolder model;
  model.put("enlace.json", R"({"max_tokens":4})");
  const TextEncoder encoder = TextEncoder::open(model.path());
  EXPECT_EQ(encode(encoder, {"a b c d e f"}), encode(encoder, {"a b"}));
  EXPECT_NE(encode(encoder, {"a b"}), encode(encoder, {"a"}));

  model.put("enlace.json", R"({"max_tokens":1000})");  // the model has 40 positions
  std::string long_text;
  for (int i = 0; i < 1000; ++i) long_text += "a b ";
  EXPECT_EQ(encode(TextEncoder::open(model.path()), {long_text}),
            encode(TextEncoder::open(model.path()), {std::string_view(long_text).substr(0, 200)}));
}

TEST(TextEncoder, HasAFingerprintThatChangesWithAnyPart) {
  const ModelFolder model;
  const auto fingerprint = [&model] { return TextEncoder::open(model.path()).fingerprint(); };
  const std::uint64_t before = fingerprint();
  EXPECT_EQ(fingerprint(), before);
  model.put("enlace.json", R"({"prefix":"query: "})");
  const std::uint64_t with_prefix = fingerprint();
  EXPECT_NE(with_prefix, before);
  model.put("enlace.json", R"({"pooling":"cls"})");
  EXPECT_NE(fingerprint(), before);
  model.put("enlace.json", "{}");
  EXPECT_EQ(fingerprint(), before);
  model.put("vocab.txt", "[UNK]\n[CLS]\n[SEP]\na\n");
  EXPECT_NE(fingerprint(), before);
}

TEST(TextEncoder, NamesTheFileThatIsMissingOrBad) {
  for (const char* name : {"config.json", "model.safetensors", "vocab.txt"}) {
    const ModelFolder model;
    std::filesystem::remove(model.path() / name);
    EXPECT_EQ(kind_of_failure(model, name), ErrorKind::kNotFound);
  }
  for (const char* name : {"config.json", "model.safetensors"}) {
    const ModelFolder model;
    model.put(name, "");
    EXPECT_EQ(kind_of_failure(model, name), ErrorKind::kCorrupt);
  }
}

TEST(TextEncoder, RefusesATokenizerWithMoreTokensThanTheModel) {
  const ModelFolder model;
  std::string words = "[UNK]\n[CLS]\n[SEP]\n";
  for (int i = 0; i < 60; ++i) words += "w" + std::to_string(i) + "\n";
  model.put("vocab.txt", words);
  EXPECT_EQ(kind_of_failure(model, "below the vocab_size 60, found 62"), ErrorKind::kCorrupt);
}

TEST(TextEncoder, RefusesWeightsThatOverflow) {
  const ModelFolder folder;
  const auto path = folder.path() / "model.safetensors";
  std::uint64_t header = 0;
  std::ifstream(path, std::ios::binary).read(reinterpret_cast<char*>(&header), sizeof header);
  const auto begin = std::streamoff(sizeof header + header);
  const auto size = std::streamoff(std::filesystem::file_size(path));
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(begin);
  constexpr float kHuge = 1e30F;
  for (auto at = begin; at < size; at += sizeof kHuge) {
    file.write(reinterpret_cast<const char*>(&kHuge), sizeof kHuge);
  }
  file.close();
  const TextEncoder encoder = TextEncoder::open(folder.path());
  try {
    encode(encoder, {"a b"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
  }
}

TEST(TextEncoder, RefusesRoomOfAnotherShape) {
  const ModelFolder model;
  const TextEncoder encoder = TextEncoder::open(model.path());
  std::vector<float> out(64);
  const Texts texts{"a"};
  EXPECT_THROW(encoder.encode(texts, {out.data(), 2, 32}, 1), Error);
  EXPECT_THROW(encoder.encode(texts, {out.data(), 1, 31}, 1), Error);
  EXPECT_NO_THROW(encoder.encode({}, {out.data(), 0, 32}, 1));
}

TEST(TextEncoder, StopsWhenAskedTo) {
  const ModelFolder model;
  const TextEncoder encoder = TextEncoder::open(model.path());
  const std::atomic<bool> stop = true;
  Progress progress;
  progress.cancelled = &stop;
  std::vector<float> out(32);
  const Texts texts{"a"};
  try {
    encoder.encode(texts, {out.data(), 1, 32}, 1, progress);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  }
}

TEST(TextEncoder, GivesNearlyTheSameVectorsInEveryPrecision) {
  const ModelFolder model;
  const Texts texts{"a b c", "query : z", "", "m n o p q r s t u v w"};
  const auto exact = encode(TextEncoder::open(model.path()), texts);
  for (const Precision precision : {Precision::kBf16, Precision::kInt8}) {
    const TextEncoder encoder = TextEncoder::open(model.path(), precision);
    EXPECT_EQ(encoder.precision(), precision);
    const auto found = encode(encoder, texts);
    EXPECT_NE(found, exact);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const float* a = &exact[i * 32];
      EXPECT_GT(std::inner_product(a, a + 32, &found[i * 32], 0.0F), 0.999F)
          << name_of(precision) << ' ' << i;
    }
  }
}

TEST(TextEncoder, GivesTheFirstTokensStateTheSameWithoutTheOthers) {
  const ModelFolder model;
  model.put("enlace.json", R"({"pooling":"cls"})");
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    const TextEncoder encoder = TextEncoder::open(model.path(), precision);
    const Texts texts{"a b c", "d", "e f g h i j"};
    const auto together = encode(encoder, texts);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto alone = encode(encoder, {texts[i]});
      EXPECT_TRUE(std::equal(alone.begin(), alone.end(), together.begin() + std::ptrdiff_t(i * 32)))
          << name_of(precision);
    }
  }
}

TEST(TextEncoder, RefusesAPaddingThatEveryTextHas) {
  const ModelFolder model;
  const std::string config = R"({"model_type":"roberta","num_hidden_layers":2,"hidden_size":32,)"
                             R"("num_attention_heads":4,"intermediate_size":64,"vocab_size":60,)"
                             R"("max_position_embeddings":40,"type_vocab_size":1,"pad_token_id":)";
  const Tokenizer tokenizer = load_tokenizer(model.path());
  const auto first = tokenizer.encode("", SIZE_MAX).ids.front();
  ModelUsage usage;
  usage.encoder = model.path();
  const auto made = [&](std::int32_t padding) {
    return ModelTokenizer(usage, parse_model_config(config + std::to_string(padding) + "}", "c"));
  };
  EXPECT_THROW(made(first), Error);
  EXPECT_NO_THROW(made(0));
}

TEST(TextEncoder, PacksBytesAnewWhenTheTokensOfTextsChange) {
  const ModelFolder model;
  const auto first = encode(TextEncoder::open(model.path(), Precision::kInt8), {"a b"});
  model.put("enlace.json", R"({"prefix":"query: "})");
  const auto kept = encode(TextEncoder::open(model.path(), Precision::kInt8), {"a b"});
  for (const char* folder : {"packed-int8", "packed-int8-narrow"}) {
    std::filesystem::remove_all(model.path() / folder);
  }
  EXPECT_EQ(encode(TextEncoder::open(model.path(), Precision::kInt8), {"a b"}), kept);
  EXPECT_NE(kept, first);
}

TEST(TextEncoder, MapsTheWeightsItPackedBefore) {
  const Texts texts{"a b c", "d"};
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    const ModelFolder model;
    const bool narrow = precision == Precision::kInt8 && products().wants_narrow;
    const auto folder = "packed-" + std::string(name_of(precision)) + (narrow ? "-narrow" : "");
    const auto packed = model.path() / folder / "encoder.enlace";
    const TextEncoder first = TextEncoder::open(model.path(), precision);
    ASSERT_TRUE(std::filesystem::is_regular_file(packed));
    const auto written = std::filesystem::last_write_time(packed);
    const TextEncoder second = TextEncoder::open(model.path(), precision);
    EXPECT_EQ(std::filesystem::last_write_time(packed), written);
    EXPECT_EQ(second.fingerprint(), first.fingerprint());
    EXPECT_EQ(encode(second, texts), encode(first, texts));
  }
}

TEST(TextEncoder, PacksAnewWhatIsDamagedOrOfOtherWeights) {
  const ModelFolder model;
  const Texts texts{"a b c", "d"};
  const auto expected = encode(TextEncoder::open(model.path()), texts);
  const auto packed = model.path() / "packed-f32/encoder.enlace";
  for (const std::uintmax_t size :
       {std::uintmax_t{0}, std::uintmax_t{100}, std::filesystem::file_size(packed) - 64}) {
    std::filesystem::resize_file(packed, size);
    EXPECT_EQ(encode(TextEncoder::open(model.path()), texts), expected) << size;
  }
  for (const int part : {1, 2, 3}) {  // of the bytes in the middle, one is another
    std::fstream file(packed, std::ios::binary | std::ios::in | std::ios::out);
    const auto at = std::streamoff(std::filesystem::file_size(packed) * std::uint64_t(part) / 4);
    file.seekg(at);
    const char other = static_cast<char>(file.get() ^ 0x40);
    file.seekp(at);
    file.put(other);
    file.close();
    EXPECT_EQ(encode(TextEncoder::open(model.path()), texts), expected) << "damage at " << at;
  }

  // Whoever copies a file with its time leaves size and time as they were.
  const auto weights = model.path() / "model.safetensors";
  const auto time = std::filesystem::last_write_time(weights);
  std::fstream file(weights, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(-4, std::ios::end);
  constexpr float kOther = 0.75F;
  file.write(reinterpret_cast<const char*>(&kOther), sizeof kOther);
  file.close();
  std::filesystem::last_write_time(weights, time);
  const TextEncoder changed = TextEncoder::open(model.path());
  std::filesystem::remove_all(model.path() / "packed-f32");
  EXPECT_EQ(encode(changed, texts), encode(TextEncoder::open(model.path()), texts));
}

}  // namespace
}  // namespace enlace
