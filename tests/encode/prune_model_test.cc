#include "encode/prune_model.h"

#include <sstream>

#include "base/error.h"
#include "encode/text_encoder.h"
#include "encode/tiny_model.h"

namespace enlace {
namespace {

/// The tiny BERT with letters and a few words as a tokenizer.json.
class PruneModel : public testing::Test {
 protected:
  PruneModel() {
    std::string vocab = R"("[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3)";
    int id = 4;
    for (char letter = 'a'; letter <= 'z'; ++letter) add(vocab, std::string(1, letter), id++);
    for (const char* word : {"query", ":", "##s", "dolor", "##ж", "тест"}) add(vocab, word, id++);
    model_.put("tokenizer.json",
               R"({"version":"1.0","truncation":null,"padding":null,"normalizer":null,)"
               R"("added_tokens":[{"id":0,"content":"[PAD]","special":true}],)"
               R"("pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{)"
               R"("type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]},"decoder":null,)"
               R"("model":{"type":"WordPiece","unk_token":"[UNK]","max_input_chars_per_word":100,)"
               R"("continuing_subword_prefix":"##","vocab":{)" +
                   vocab + "}}}");
    model_.put("enlace.json", R"({"prefix":"query: ","pooling":"cls","max_tokens":20})");
  }

  static void add(std::string& vocab, const std::string& piece, int id) {
    vocab += ",\"" + piece + "\":" + std::to_string(id);
  }

  static std::vector<float> vector_of(const std::filesystem::path& folder, std::string_view text) {
    const TextEncoder encoder = TextEncoder::open(folder);
    std::vector<float> vector(encoder.dimension());
    encoder.encode({&text, 1}, {vector.data(), 1, vector.size()}, 1);
    return vector;
  }

  ModelFolder model_;
  std::filesystem::path out_ = model_.path() / "pruned";
};

TEST_F(PruneModel, BearsWithIdsThatAreNone) {
  std::ostringstream config, tokenizer;
  config << std::ifstream(model_.path() / "config.json").rdbuf();
  tokenizer << std::ifstream(model_.path() / "tokenizer.json").rdbuf();
  std::string text = config.str();
  text.replace(text.find('{'), 1, R"({"x_token_id":18446744073709551615,)");
  model_.put("config.json", text);
  text = tokenizer.str();
  text.replace(text.find(R"("padding":null)"), 14,
               R"("padding":{"strategy":"BatchLongest","direction":"Right",)"
               R"("pad_to_multiple_of":null,"pad_id":null,"pad_type_id":0,"pad_token":"[PAD]"})");
  model_.put("tokenizer.json", text);
  const std::vector<std::string_view> texts = {"dolor"};
  prune_model(model_.path(), texts, {}, out_);
  EXPECT_EQ(vector_of(out_, "dolor"), vector_of(model_.path(), "dolor"));
}

TEST_F(PruneModel, GivesKeptTextsTheVectorsThatTheyHad) {
  model_.put("tokenizer_config.json",
             R"({"added_tokens_decoder":{"0":{"content":"[PAD]"}},"model_max_length":64})");
  const std::vector<std::string_view> texts = {"dolor", "dolors x", "a : b"};
  const PruneReport report = prune_model(model_.path(), texts, {.workers = 2}, out_);
  EXPECT_EQ(report.entries_before, 36U);
  EXPECT_EQ(report.entries_after, 34U);  // without тест and ##ж
  EXPECT_EQ(report.texts, 3U);
  EXPECT_EQ(report.split_as_before, 3U);
  EXPECT_TRUE(report.scripts.test(std::size_t(Script::kLatin)));
  for (const char* text : {"dolor", "dolors x", "a : b", "z y", "xs", ""}) {
    EXPECT_EQ(vector_of(out_, text), vector_of(model_.path(), text)) << text;
  }
  EXPECT_NE(vector_of(out_, "тест"), vector_of(model_.path(), "тест"));
  EXPECT_EQ(read_model_usage(out_).prefix, "query: ");
  EXPECT_EQ(read_model_usage(out_).pooling, Pooling::kCls);
}

TEST_F(PruneModel, CountsTheTextsThatAreSplitOtherwise) {
  const std::vector<std::string_view> texts = {"dolor", "a", "a", "as"};
  const PruneReport report = prune_model(model_.path(), texts, {.min_count = 2}, out_);
  EXPECT_EQ(report.split_as_before, 3U);  // ##s is a character and stays, dolor is used once
}

TEST_F(PruneModel, KeepsTheScriptsThatItIsGiven) {
  const std::vector<std::string_view> texts = {"7"};
  PruneOptions options;
  options.scripts.set(std::size_t(Script::kCyrillic));
  prune_model(model_.path(), texts, options, out_);
  EXPECT_EQ(vector_of(out_, "a"), vector_of(out_, "b"));  // unknown, both
}

TEST_F(PruneModel, RefusesWhatItCannotPrune) {
  const auto kind = [&](std::vector<std::string_view> texts) {
    try {
      prune_model(model_.path(), texts, {}, out_);
    } catch (const Error& error) {
      EXPECT_FALSE(std::filesystem::exists(out_));
      return error.kind();
    }
    return ErrorKind::kInternal;
  };
  EXPECT_EQ(kind({}), ErrorKind::kInvalidArgument);
  EXPECT_EQ(kind({"\xFF"}), ErrorKind::kInvalidArgument);
  model_.put("tokenizer.json", R"({"model":{"type":"Other"}})");
  EXPECT_EQ(kind({"a"}), ErrorKind::kUnsupported);
  std::filesystem::remove(model_.path() / "tokenizer.json");
  EXPECT_EQ(kind({"a"}), ErrorKind::kUnsupported);  // vocab.txt
  std::filesystem::remove(model_.path() / "config.json");
  EXPECT_NE(kind({"a"}), ErrorKind::kInternal);
}

}  // namespace
}  // namespace enlace
