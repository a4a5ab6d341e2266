#include "text/vocabulary_tokenizer.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>

#include <gtest/gtest.h>

#include "base/error.h"
#include "text/load_tokenizer.h"
#include "text/sentence_piece_model.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

using Ids = std::vector<std::int32_t>;

constexpr std::string_view kVocabulary =
    R"({"<s>":0,"</s>":1,"<unk>":2,"<mask>":3,"d":4,"o":5,"Ġ":6,"do":7,"Ġdo":8})";
constexpr std::string_view kMerges = "#version: 0.2\nd o\nĠ do\n";

TokenizerConfig family(std::string_view name) {
  TokenizerConfig config;
  config.where = "config";
  config.family = name;
  return config;
}

/// The error of `parse`, or no kind.
template <class Parse>
std::optional<ErrorKind> kind_of(const Parse& parse) {
  try {
    parse();
  } catch (const Error& error) {
    return error.kind();
  }
  return {};
}

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value > 0x7F; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

std::string field(unsigned number, std::string_view bytes) {
  return varint(number << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}

std::string field(unsigned number, unsigned value) {
  return varint(number << 3) + varint(value);
}

std::string field(unsigned number, float value) {
  std::string bytes = varint(number << 3 | 5);
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<char>(std::bit_cast<std::uint32_t>(value) >> shift));
  }
  return bytes;
}

std::string piece(std::string_view text, float score, unsigned type = 1) {
  return field(1, field(1, text) + field(2, score) + field(3, type));
}

std::string model_of(std::string_view pieces, unsigned kind) {
  return std::string(pieces) + field(2, field(3, kind)) + field(3, field(1, "identity"));
}

const std::string kControls = piece("<unk>", 0, 2) + piece("<s>", 0, 3) + piece("</s>", 0, 3);
const std::string kPieces = kControls + piece("▁", -3) + piece("▁do", -1) + piece("do", -2) +
                            piece("d", -5) + piece("o", -5);

Ids encode(std::string_view model, std::string_view name, std::string_view text) {
  return parse_sentencepiece(model, family(name), "file").encode(text, SIZE_MAX).ids;
}

TEST(VocabTxt, RespectsItsConfiguration) {
  const std::string lines = "[PAD]\n[UNK]\n<cls>\n[SEP]\nnino\nNiño\n糖尿\n糖\n##尿\n";
  TokenizerConfig config = family("Bert");
  config.special["cls_token"] = {.token = {.content = "<cls>"}};
  const auto ids = [&](std::string_view text) {
    return parse_vocab_txt(lines, config, "file").encode(text, SIZE_MAX).ids;
  };
  EXPECT_EQ(ids("NIÑO 糖尿"), (Ids{2, 4, 7, 1, 3}));
  config.lowercase = false;
  config.handle_chinese_chars = false;
  EXPECT_EQ(ids("Niño 糖尿"), (Ids{2, 5, 6, 3}));
}

TEST(VocabTxt, RefusesOtherFamiliesByName) {
  try {
    parse_vocab_txt("[UNK]\n", family("BertJapanese"), "file");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "config: tokenizer_class: expected Bert, DistilBert, Electra or MPNet, found "
                 "BertJapanese");
  }
}

TEST(VocabJson, IsByteLevelBpe) {
  const Tokenizer tokenizer =
      parse_vocab_json(kVocabulary, kMerges, family("Roberta"), "file", "merges");
  const Encoding encoding = tokenizer.encode("do do <mask>", SIZE_MAX);
  EXPECT_EQ(encoding.ids, (Ids{0, 7, 8, 3, 1}));
  EXPECT_EQ(encoding.spans, (std::vector<Span>{{0, 0}, {0, 2}, {3, 5}, {6, 12}, {0, 0}}));
}

TEST(VocabJson, RefusesMergesThatPointNowhere) {
  const auto with = [](std::string_view merges, std::string_view vocabulary = kVocabulary) {
    return kind_of([&] { parse_vocab_json(vocabulary, merges, family(""), "file", "merges"); });
  };
  EXPECT_EQ(with(kMerges), std::nullopt);
  for (const char* merges : {"d x\n", "x d\n", "o d\n", "d\n", "d o o\n", " o\n", "\xFF o\n"}) {
    EXPECT_EQ(with(merges), ErrorKind::kCorrupt) << merges;
  }
  EXPECT_EQ(with("", R"({"<s>":0,"</s>":2})"), ErrorKind::kCorrupt);  // a gap
  EXPECT_EQ(with("", R"({"<s>":0,"</s>":0})"), ErrorKind::kCorrupt);  // one id twice
  EXPECT_EQ(with("", R"({"<s>":0,"<s>":1})"), ErrorKind::kCorrupt);   // one entry twice
  EXPECT_EQ(with("", R"({"<s>":0})"), ErrorKind::kCorrupt);           // no </s>
  EXPECT_EQ(with("", "[]"), ErrorKind::kCorrupt);
  EXPECT_EQ(with("", R"({"<s>":0,"</s>":1,")" + std::string(100'000, 'a') + R"(":2})"),
            ErrorKind::kUnsupported);
}

TEST(SentencePiece, HasTheIdsOfItsFamily) {
  const std::string model = model_of(kPieces, 1);
  EXPECT_EQ(encode(model, "XLMRoberta", "do  dox <mask>"), (Ids{0, 5, 5, 3, 9, 2}));
  EXPECT_EQ(encode(model, "Camembert", "do <mask>"), (Ids{5, 8, 12, 6}));
  EXPECT_EQ(encode(model, "", "do  do"), (Ids{4, 4}));
  const std::string deberta =
      model_of(piece("[PAD]", 0, 3) + piece("[CLS]", 0, 3) + piece("[SEP]", 0, 3) +
                   piece("[UNK]", 0, 2) + piece("▁do", -1),
               1);
  EXPECT_EQ(encode(deberta, "DebertaV2", " do[MASK]"), (Ids{1, 4, 5, 2}));
}

TEST(SentencePiece, MergesByScore) {
  EXPECT_EQ(encode(model_of(kPieces, 2), "", "do dx o"), (Ids{4, 3, 6, 0, 3, 7}));
}

TEST(SentencePiece, RefusesModelsThatAreNotSound) {
  const auto kind = [](std::string_view bytes, std::string_view name = "") {
    return kind_of([&] { parse_sentencepiece(bytes, family(name), "file"); });
  };
  const std::string whole = model_of(kPieces, 1);
  EXPECT_EQ(kind(whole), std::nullopt);
  EXPECT_EQ(kind(""), ErrorKind::kCorrupt);
  EXPECT_EQ(kind(kPieces + piece("do", -9)), ErrorKind::kCorrupt);            // twice
  EXPECT_EQ(kind(kPieces + piece("x", 0, 2)), ErrorKind::kCorrupt);           // two unknown
  EXPECT_EQ(kind(kPieces + piece("x", 0, 9)), ErrorKind::kCorrupt);           // a type of its own
  EXPECT_EQ(kind(kPieces + piece("", 0)), ErrorKind::kCorrupt);               // nothing
  EXPECT_EQ(kind(kPieces + piece("\xC3", 0)), ErrorKind::kCorrupt);           // not UTF-8
  EXPECT_EQ(kind(kPieces + piece("x", std::nanf(""))), ErrorKind::kCorrupt);  // no score
  EXPECT_EQ(kind(kPieces + piece(std::string(100'000, 'x'), 0)), ErrorKind::kUnsupported);
  EXPECT_EQ(kind(model_of(kPieces, 3)), ErrorKind::kUnsupported);  // words
  EXPECT_EQ(kind(kPieces + field(3, field(5, 0U))), ErrorKind::kUnsupported);
  EXPECT_EQ(kind(kPieces + varint(1 << 3 | 2) + varint(UINT64_MAX)), ErrorKind::kCorrupt);
  EXPECT_EQ(kind(kPieces + std::string(11, '\xFF')), ErrorKind::kCorrupt);
  EXPECT_EQ(kind(kPieces + varint(9 << 3 | 3)), ErrorKind::kUnsupported);  // a group
  EXPECT_EQ(kind(kPieces + field(1, 7U)), ErrorKind::kCorrupt);  // a piece that is a number
  EXPECT_EQ(kind(model_of(piece("a", 0) + kPieces, 1), "XLMRoberta"), ErrorKind::kCorrupt);
  EXPECT_EQ(kind(model_of(kPieces, 2), "XLMRoberta"), ErrorKind::kUnsupported);
  EXPECT_EQ(kind(whole, "T5"), ErrorKind::kUnsupported);
}

TEST(SentencePiece, RefusesFilesCutWithinAField) {
  const std::string whole = model_of(kPieces, 1);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    try {
      parse_sentencepiece(std::string_view(whole).substr(0, size), family(""), "file");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
    }
  }
}

TEST(TokenizerFamily, ComesFromTheFolder) {
  const fs::path folder = fs::path(testing::TempDir()) / "family";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const auto write = [&](const char* name, std::string_view text) {
    std::ofstream(folder / name, std::ios::binary) << text;
  };
  write("sentencepiece.bpe.model", model_of(kPieces, 1));
  write("config.json", R"({"model_type":"camembert"})");
  EXPECT_EQ(load_tokenizer(folder).encode("do", SIZE_MAX).ids, (Ids{5, 8, 6}));
  write("tokenizer_config.json", R"({"tokenizer_class":"XLMRobertaTokenizerFast"})");
  EXPECT_EQ(load_tokenizer(folder).encode("do", SIZE_MAX).ids, (Ids{0, 5, 2}));
  EXPECT_EQ(tokenizer_files(folder),
            (std::vector<fs::path>{folder / "sentencepiece.bpe.model",
                                   folder / "tokenizer_config.json", folder / "config.json"}));
  write("vocab.json", kVocabulary);
  write("tokenizer_config.json", R"({"tokenizer_class":"RobertaTokenizer",
    "added_tokens_decoder":{"9":{"content":"xy","special":false},"3":{"content":"<mask>","special":true}}})");
  EXPECT_EQ(kind_of([&] { load_tokenizer(folder); }), ErrorKind::kNotFound);  // no merges.txt
  write("merges.txt", kMerges);
  EXPECT_EQ(load_tokenizer(folder).encode("doxy", SIZE_MAX).ids, (Ids{0, 7, 9, 1}));
  write("tokenizer_config.json",
        R"({"tokenizer_class":"RobertaTokenizer","added_tokens_decoder":{"11":{"content":"xy"}}})");
  EXPECT_EQ(kind_of([&] { load_tokenizer(folder); }), ErrorKind::kCorrupt);
}

}  // namespace
}  // namespace enlace
