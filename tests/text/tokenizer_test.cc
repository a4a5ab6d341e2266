#include "text/tokenizer.h"

#include <cstdint>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.h"
#include "text/load_tokenizer.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNoLimit = SIZE_MAX;

const std::string kUnigram = R"({"type":"Unigram","unk_id":3,"vocab":[
  ["<s>",0],["</s>",0],["<mask>",0],["<unk>",0],["▁",-2],["▁dolor",-3],["▁de",-3],["▁pe",-4],
  ["cho",-3],["d",-5],["e",-5],["ñ",-6]]})";
const std::string kMetaspace = R"({"type":"Metaspace","replacement":"▁","add_prefix_space":true})";
const std::string kTemplate = R"({"type":"TemplateProcessing",
  "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
            {"SpecialToken":{"id":"</s>","type_id":0}}],
  "special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]},
                    "</s>":{"id":"</s>","ids":[1],"tokens":["</s>"]}}})";
const std::string kWordPiece = R"({"type":"WordPiece","unk_token":"[UNK]",
  "continuing_subword_prefix":"##","max_input_chars_per_word":100,
  "vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"dolor":4,"##es":5,"-":6,"nino":7,"pecho":8}})";
const std::string kBertProcessing =
    R"({"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]})";
const std::string kBertNormalizer = R"({"type":"BertNormalizer","clean_text":true,
  "handle_chinese_chars":true,"strip_accents":null,"lowercase":true})";

struct Parts {
  std::string model = kUnigram;
  std::string normalizer = "null";
  std::string pre_tokenizer = kMetaspace;
  std::string post_processor = kTemplate;
  std::string added_tokens = "[]";
  std::string decoder = "null";
  std::string truncation = "null";
};

std::string json_of(const Parts& parts) {
  return R"({"version":"1.0","padding":null,"truncation":)" + parts.truncation +
         R"(,"added_tokens":)" + parts.added_tokens + R"(,"normalizer":)" + parts.normalizer +
         R"(,"pre_tokenizer":)" + parts.pre_tokenizer + R"(,"post_processor":)" +
         parts.post_processor + R"(,"decoder":)" + parts.decoder + R"(,"model":)" + parts.model +
         "}";
}

Parts bert() {
  return {.model = kWordPiece,
          .normalizer = kBertNormalizer,
          .pre_tokenizer = R"({"type":"BertPreTokenizer"})",
          .post_processor = kBertProcessing};
}

std::string added(std::string_view content, int id, std::string_view more = "") {
  return fmt::format(R"([{{"id":{},"content":"{}"{}}}])", id, content, more);
}

using Ids = std::vector<std::int32_t>;

Ids ids(const Parts& parts, std::string_view text, std::size_t max_tokens = kNoLimit) {
  return parse_tokenizer(json_of(parts), "file").encode(text, max_tokens).ids;
}

std::string refusal(const Parts& parts, ErrorKind kind = ErrorKind::kUnsupported) {
  try {
    parse_tokenizer(json_of(parts), "file");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  return "";
}

TEST(Tokenizer, EncodesWithUnigram) {
  const Tokenizer tokenizer = parse_tokenizer(json_of({}), "file");
  const Encoding encoding = tokenizer.encode("dolor de  pecho ñx", kNoLimit);
  EXPECT_EQ(encoding.ids, (Ids{0, 5, 6, 4, 7, 8, 4, 11, 3, 1}));
  EXPECT_EQ(encoding.spans, (std::vector<Span>{{0, 0},
                                               {0, 5},
                                               {5, 8},
                                               {8, 9},
                                               {9, 12},
                                               {12, 15},
                                               {15, 16},
                                               {16, 18},
                                               {18, 19},
                                               {0, 0}}));
  EXPECT_EQ(tokenizer.size(), 12);
  EXPECT_EQ(tokenizer.find("<mask>"), 2);
  EXPECT_EQ(tokenizer.find("none"), -1);
}

TEST(Tokenizer, EncodesWithWordPiece) {
  const Tokenizer tokenizer = parse_tokenizer(json_of(bert()), "file");
  const Encoding encoding = tokenizer.encode(" Dolores-NIÑO x", kNoLimit);
  EXPECT_EQ(encoding.ids, (Ids{2, 4, 5, 6, 7, 1, 3}));
  EXPECT_EQ(encoding.spans,
            (std::vector<Span>{{0, 0}, {1, 6}, {6, 8}, {8, 9}, {9, 14}, {15, 16}, {0, 0}}));
}

TEST(Tokenizer, EncodesNothingAsSpecialTokens) {
  EXPECT_EQ(ids({}, ""), (Ids{0, 1}));
  EXPECT_EQ(ids({.post_processor = "null"}, ""), Ids{});
  EXPECT_EQ(ids(bert(), " \t "), (Ids{2, 3}));
}

TEST(Tokenizer, CutsTheContentAndKeepsTheSpecialTokens) {
  EXPECT_EQ(ids({}, "dolor de pecho", 6), (Ids{0, 5, 6, 7, 8, 1}));
  EXPECT_EQ(ids({}, "dolor de pecho", 5), (Ids{0, 5, 6, 7, 1}));
  EXPECT_EQ(ids({}, "dolor de pecho", 2), (Ids{0, 1}));
  EXPECT_THROW(ids({}, "dolor", 1), Error);
}

TEST(Tokenizer, FindsAddedTokensInTheText) {
  Parts parts;
  parts.added_tokens = added("<mask>", 2, R"(,"special":true)");
  EXPECT_EQ(ids(parts, "dolor <mask>de"), (Ids{0, 5, 4, 2, 6, 1}));
  parts.added_tokens = added("<mask>", 2, R"(,"special":true,"lstrip":true,"rstrip":true)");
  EXPECT_EQ(ids(parts, "dolor  <mask> \u3000de"), (Ids{0, 5, 2, 6, 1}));
  EXPECT_EQ(ids(parts, "<mask><mask>"), (Ids{0, 2, 2, 1}));
  parts.added_tokens = added("<mask>", 2, R"(,"special":true,"single_word":true)");
  EXPECT_EQ(ids(parts, "<mask>"), (Ids{0, 2, 1}));
  EXPECT_NE(ids(parts, "<mask>ñ"), (Ids{0, 2, 4, 11, 1}));
  parts.added_tokens = "[]";
  EXPECT_EQ(ids(parts, "<mask>"), (Ids{0, 4, 2, 1}));  // an entry like any other
}

TEST(Tokenizer, FindsTheLongestAddedToken) {
  Parts parts;
  parts.added_tokens = R"([{"id":12,"content":"dol"},{"id":13,"content":"dolor"}])";
  EXPECT_EQ(ids(parts, "doldolor"), (Ids{0, 12, 13, 1}));
}

TEST(Tokenizer, FindsNormalizedAddedTokensInTheRewrittenText) {
  Parts parts = bert();
  parts.added_tokens = added("NIÑO", 9, R"(,"normalized":true)");
  const Encoding encoding =
      parse_tokenizer(json_of(parts), "file").encode("dolor niñoDOLOR", kNoLimit);
  EXPECT_EQ(encoding.ids, (Ids{2, 4, 9, 4, 3}));
  EXPECT_EQ(encoding.spans[2], (Span{6, 11}));
  parts.added_tokens = added("NIÑO", 9, R"(,"normalized":false)");
  EXPECT_EQ(ids(parts, "niño NIÑO"), (Ids{2, 7, 9, 3}));
}

TEST(Tokenizer, AppliesSequencesInOrder) {
  Parts parts;
  parts.normalizer = R"({"type":"Sequence","normalizers":[{"type":"Lowercase"},
    {"type":"Strip","strip_left":true,"strip_right":true},
    {"type":"Replace","pattern":{"String":"pain"},"content":"dolor"},
    {"type":"Sequence","normalizers":[{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}]}]})";
  parts.pre_tokenizer =
      R"({"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},)" + kMetaspace + "]}";
  EXPECT_EQ(ids(parts, "  PAIN   de\tpecho "), (Ids{0, 5, 6, 7, 8, 1}));
}

TEST(Tokenizer, AppliesTheCharacterMapOfTheFile) {
  Parts parts;  // an empty trie and no replacements: it changes nothing
  parts.normalizer = R"({"type":"Precompiled","precompiled_charsmap":"BAAAAAAAAAA="})";
  EXPECT_EQ(ids(parts, "dolor"), (Ids{0, 5, 1}));
  parts.normalizer = R"({"type":"Precompiled","precompiled_charsmap":"!"})";
  EXPECT_NE(refusal(parts, ErrorKind::kCorrupt).find("base64"), std::string::npos);
  parts.normalizer = R"({"type":"Precompiled","precompiled_charsmap":"AAAA"})";
  EXPECT_NE(refusal(parts, ErrorKind::kCorrupt), "");
}

TEST(Tokenizer, HasEverySchemeOfMetaspace) {
  const auto with = [](std::string_view more) {
    return Parts{
        .pre_tokenizer = fmt::format(R"({{"type":"Metaspace","replacement":"▁",{}}})", more),
        .added_tokens = added("|", 12)};
  };
  EXPECT_EQ(ids(with(R"("prepend_scheme":"always")"), "de|de"), (Ids{0, 6, 12, 6, 1}));
  EXPECT_EQ(ids(with(R"("prepend_scheme":"first")"), "de|de"), (Ids{0, 6, 12, 9, 10, 1}));
  EXPECT_EQ(ids(with(R"("prepend_scheme":"never")"), "de|de"), (Ids{0, 9, 10, 12, 9, 10, 1}));
  EXPECT_EQ(ids(with(R"("add_prefix_space":false)"), "de"), (Ids{0, 9, 10, 1}));
  EXPECT_EQ(ids(with(R"("split":false)"), "de de"), (Ids{0, 6, 6, 1}));
  EXPECT_NE(refusal(with(R"("prepend_scheme":"last")")), "");
  EXPECT_NE(
      refusal(with(R"("prepend_scheme":"first","add_prefix_space":false)"), ErrorKind::kCorrupt),
      "");
  EXPECT_NE(
      refusal({.pre_tokenizer = R"({"type":"Metaspace","replacement":"__"})"}, ErrorKind::kCorrupt),
      "");
}

TEST(Tokenizer, RefusesUnknownComponentsByName) {
  const auto says = [](const Parts& parts, std::string_view start, std::string_view end) {
    const std::string message = refusal(parts);
    EXPECT_TRUE(message.starts_with(start) && message.ends_with(end)) << message;
  };
  says({.model = R"({"type":"WordLevel","vocab":{}})"}, "file: model: expected Unigram",
       ", found WordLevel");
  says({.normalizer = R"({"type":"NFX"})"}, "file: normalizer: expected BertNormalizer, ",
       ", found NFX");
  says({.pre_tokenizer = R"({"type":"UnicodeScripts"})"},
       "file: pre_tokenizer: expected BertPreTokenizer, ", ", found UnicodeScripts");
  says({.post_processor = R"({"type":"Other"})"}, "file: post_processor: expected Template",
       ", found Other");
  says({.decoder = R"({"type":"Other"})"}, "file: decoder: expected ", ", found Other");
  says({.truncation = R"({"direction":"Left"})"}, "file: truncation: direction: expected Right",
       ", found Left");
  EXPECT_EQ(refusal({.normalizer = R"({"type":"Juan Pérez"})"}).find("Juan"), std::string::npos);
  EXPECT_NE(
      refusal({.normalizer = R"({"type":"Replace","pattern":{"Regex":"(a+)+"},"content":""})"}),
      "");
  EXPECT_NE(refusal({.normalizer = R"({"type":"Replace","pattern":{"String":""},"content":""})"}),
            "");
  says({.pre_tokenizer = R"({"type":"Split","pattern":{"Regex":"(a+)+"},"behavior":"Isolated"})"},
       "file: pre_tokenizer Split: expected a regular expression", "5 bytes");
  EXPECT_NE(refusal({.pre_tokenizer =
                         R"({"type":"Split","pattern":{"String":""},"behavior":"Isolated"})"}),
            "");
  EXPECT_NE(
      refusal({.pre_tokenizer = R"({"type":"Split","pattern":{"String":"a"},"behavior":"Cut"})"}),
      "");
}

TEST(Tokenizer, RefusesSequencesWithoutEnd) {
  std::string nested = R"({"type":"Lowercase"})";
  for (int i = 0; i < 20; ++i) nested = R"({"type":"Sequence","normalizers":[)" + nested + "]}";
  EXPECT_NE(refusal({.normalizer = nested}), "");
}

TEST(Tokenizer, RefusesVocabulariesThatAreNotSound) {
  const auto corrupt = [](std::string model) {
    return !refusal({.model = std::move(model), .post_processor = "null"}, ErrorKind::kCorrupt)
                .empty();
  };
  EXPECT_TRUE(corrupt(R"({"type":"Unigram","unk_id":1,"vocab":[["a",0]]})"));
  EXPECT_TRUE(corrupt(R"({"type":"Unigram","unk_id":-1,"vocab":[["a",0]]})"));
  EXPECT_TRUE(corrupt(R"({"type":"Unigram","unk_id":null,"vocab":[["a",0]]})"));
  EXPECT_TRUE(corrupt(R"({"type":"Unigram","unk_id":0,"vocab":[]})"));
  EXPECT_TRUE(corrupt(R"({"type":"Unigram","unk_id":0,"vocab":[["a"]]})"));
  EXPECT_TRUE(corrupt(R"({"type":"Unigram","unk_id":0,"vocab":[["a","0"]]})"));
  EXPECT_TRUE(corrupt(R"({"type":"WordPiece","vocab":{"[UNK]":0,"a":0}})"));
  EXPECT_TRUE(corrupt(R"({"type":"WordPiece","vocab":{"[UNK]":0,"a":2}})"));
  EXPECT_TRUE(corrupt(R"({"type":"WordPiece","vocab":{"[UNK]":0,"a":-1}})"));
  EXPECT_TRUE(corrupt(R"({"type":"WordPiece","vocab":{"a":0}})"));
  EXPECT_TRUE(corrupt(R"("a string")"));
  EXPECT_NE(refusal({.model = R"({"type":"WordPiece","vocab":{"[UNK]":0,")" +
                              std::string(2000, 'a') + R"(":1}})",
                     .post_processor = "null"}),
            "");
  EXPECT_NE(refusal({.model = R"({"type":"WordPiece","max_input_chars_per_word":9999,)"
                              R"("vocab":{"[UNK]":0}})",
                     .post_processor = "null"}),
            "");
}

TEST(Tokenizer, RefusesTokensThatAreNotInTheVocabulary) {
  Parts parts;
  parts.added_tokens = added("<mask>", 7);
  EXPECT_EQ(refusal(parts, ErrorKind::kCorrupt), "file: added_tokens: expected the id 2, found 7");
  parts = bert();
  parts.post_processor = R"({"type":"BertProcessing","sep":["[SEP]",9],"cls":["[CLS]",2]})";
  EXPECT_EQ(refusal(parts, ErrorKind::kCorrupt),
            "file: post_processor: expected an id below 9, found 9");
  parts.post_processor = R"({"type":"BertProcessing","sep":["[SEP]"],"cls":["[CLS]",2]})";
  EXPECT_NE(refusal(parts, ErrorKind::kCorrupt), "");
  parts.post_processor = R"({"type":"TemplateProcessing","single":[],"special_tokens":{}})";
  EXPECT_NE(refusal(parts), "");
  parts.post_processor = R"({"type":"TemplateProcessing",
    "single":[{"SpecialToken":{"id":"x"}},{"Sequence":{"id":"A"}}],"special_tokens":{}})";
  EXPECT_NE(refusal(parts, ErrorKind::kCorrupt), "");
}

TEST(Tokenizer, RefusesFilesCutShortAnywhere) {
  const std::string whole = json_of(bert());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(parse_tokenizer(whole.substr(0, size), "file"), Error) << size;
  }
}

TEST(Tokenizer, RefusesTextThatIsNotUtf8) {
  for (const char* text : {"\xFF", "a\xC3", "\xED\xA0\x80"}) {
    EXPECT_THROW(ids({}, text), Error);
  }
}

TEST(Tokenizer, TakesLongTextsInItsStride) {
  const std::string text(1'000'000, 'e');
  EXPECT_EQ(ids({}, text).size(), 3U + 1'000'000U);
  EXPECT_EQ(ids({}, text, 100).size(), 100U);
  EXPECT_EQ(ids(bert(), text), (Ids{2, 1, 3}));
  Parts parts;
  parts.added_tokens = added("<mask>", 2, R"(,"special":true,"lstrip":true)");
  EXPECT_EQ(ids(parts, std::string(1'000'000, ' ') + "<mask>"), (Ids{0, 2, 1}));
}

TEST(Tokenizer, GivesTheSameFromManyThreads) {
  const Tokenizer tokenizer = parse_tokenizer(json_of({}), "file");
  const Ids expected = tokenizer.encode("dolor de pecho", kNoLimit).ids;
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& count : wrong) {
    threads.emplace_back([&tokenizer, &expected, &count] {
      TokenizerWorkspace workspace;
      Ids found;
      for (int i = 0; i < 1000; ++i) {
        tokenizer.encode("dolor de pecho", kNoLimit, workspace, found);
        count += found == expected ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

class LoadTokenizer : public testing::Test {
 protected:
  LoadTokenizer() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void write(const char* name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  fs::path folder_ = fs::path(testing::TempDir()) /
                     (std::string("load-tokenizer-") +
                      testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(LoadTokenizer, PrefersTokenizerJsonOfAFolder) {
  write("vocab.txt", "broken");
  write("tokenizer.json", json_of({}));
  EXPECT_EQ(load_tokenizer(folder_).encode("dolor", kNoLimit).ids, (Ids{0, 5, 1}));
  EXPECT_EQ(load_tokenizer(folder_ / "tokenizer.json").size(), 12);
}

TEST_F(LoadTokenizer, HearsTheConfigurationBesideATokenizerJson) {
  const auto encode = [&](std::string_view text) {
    return load_tokenizer(folder_).encode(text, kNoLimit).ids;
  };
  write("tokenizer.json", json_of(bert()));
  EXPECT_EQ(encode("Dolores niño"), (Ids{2, 4, 5, 7, 3}));
  const auto configure = [&](std::string_view more) {
    write("tokenizer_config.json", fmt::format(R"({{"tokenizer_class":"BertTokenizer"{}}})", more));
  };
  configure("");
  EXPECT_EQ(encode("Dolores niño"), (Ids{2, 4, 5, 7, 3}));
  configure(R"(,"do_lower_case":false)");
  EXPECT_EQ(encode("Dolores niño dolor"), (Ids{2, 1, 1, 4, 3}));  // accents follow case
  configure(R"(,"strip_accents":false)");
  EXPECT_EQ(encode("Dolores niño"), (Ids{2, 4, 5, 1, 3}));
  configure(R"(,"added_tokens_decoder":{"2":{"content":"[CLS]","special":true},
                                        "9":{"content":"xyz","special":false}})");
  EXPECT_EQ(encode("dolorxyz[CLS]"), (Ids{2, 4, 9, 2, 3}));
  write("tokenizer_config.json",
        R"({"tokenizer_class":"PreTrainedTokenizerFast","do_lower_case":false})");
  EXPECT_EQ(encode("Dolores"), (Ids{2, 4, 5, 3}));
}

TEST_F(LoadTokenizer, HearsOfASpaceBeforeTheText) {
  Parts parts;
  parts.model = R"({"type":"BPE","vocab":{"<s>":0,"</s>":1,"d":2,"o":3,"Ġ":4},"merges":[]})";
  parts.pre_tokenizer = R"({"type":"ByteLevel","add_prefix_space":false})";
  write("tokenizer.json", json_of(parts));
  EXPECT_EQ(load_tokenizer(folder_).encode("do", kNoLimit).ids, (Ids{0, 2, 3, 1}));
  write("tokenizer_config.json",
        R"({"tokenizer_class":"RobertaTokenizer","add_prefix_space":true})");
  EXPECT_EQ(load_tokenizer(folder_).encode("do", kNoLimit).ids, (Ids{0, 4, 2, 3, 1}));
}

TEST_F(LoadTokenizer, NamesAFileThatWasNotFetched) {
  write("tokenizer.json", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
  try {
    load_tokenizer(folder_);
    ADD_FAILURE() << "loaded it";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("Git LFS"), std::string::npos) << error.what();
  }
}

TEST_F(LoadTokenizer, RefusesToCutTheBeginning) {
  write("tokenizer.json", json_of(bert()));
  write("tokenizer_config.json", R"({"truncation_side":"left"})");
  try {
    load_tokenizer(folder_);
    ADD_FAILURE() << "loaded it";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUnsupported);
    EXPECT_EQ(error.what(), (folder_ / "tokenizer_config.json").string() +
                                ": truncation_side: expected right, found left");
  }
}

TEST_F(LoadTokenizer, ReadsTheFilesOfOlderVersions) {
  write("vocab.txt", "<pad>\n<unk>\n<s>\n</s>\n[CLS]\n[SEP]\ndolor\n");
  write(
      "special_tokens_map.json",
      R"({"cls_token":"<s>","sep_token":{"content":"</s>"},"unk_token":"<unk>","pad_token":"<pad>"})");
  write("added_tokens.json", R"({"XYZ":7})");
  const auto encode = [&](std::string_view text) {
    return load_tokenizer(folder_).encode(text, kNoLimit).ids;
  };
  EXPECT_EQ(encode("dolor xyz ñ"), (Ids{2, 6, 7, 1, 3}));  // normalized, as it is not special
  EXPECT_EQ(tokenizer_files(folder_).size(), 3U);
  write("tokenizer_config.json", R"({"added_tokens_decoder":{}, "unk_token":"<unk>"})");
  EXPECT_EQ(encode("dolor xyz"), (Ids{4, 6, 1, 5}));  // which say it all
  write("tokenizer_config.json", "{}");
  write("added_tokens.json", R"({"XYZ":"7"})");
  EXPECT_THROW(encode("x"), Error);
}

TEST_F(LoadTokenizer, ReadsAVocabularyWithItsConfiguration) {
  write("vocab.txt", "[PAD]\n[UNK]\r\n[CLS]\n[SEP]\ndolor\nDolor\n##es\n[MASK]\n");
  const auto encode = [&](std::string_view text) {
    return load_tokenizer(folder_).encode(text, kNoLimit).ids;
  };
  EXPECT_EQ(encode("Dolores [MASK] ñ"), (Ids{2, 4, 6, 7, 1, 3}));
  write("tokenizer_config.json", R"({"do_lower_case":false})");
  EXPECT_EQ(encode("Dolores"), (Ids{2, 5, 6, 3}));
  write("tokenizer_config.json", R"({"do_lower_case":"no"})");
  EXPECT_THROW(encode("x"), Error);
}

TEST_F(LoadTokenizer, RefusesVocabulariesThatAreNotSound) {
  const auto kind_of = [&] {
    try {
      load_tokenizer(folder_);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::kInternal;
  };
  EXPECT_EQ(kind_of(), ErrorKind::kNotFound);
  write("vocab.txt", "");
  EXPECT_EQ(kind_of(), ErrorKind::kCorrupt);
  write("vocab.txt", "[UNK]\n[CLS]\n");
  EXPECT_EQ(kind_of(), ErrorKind::kCorrupt);
  write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n\xFF\n");
  EXPECT_EQ(kind_of(), ErrorKind::kCorrupt);
  write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\na\na\n");
  EXPECT_EQ(kind_of(), ErrorKind::kCorrupt);
  write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n" + std::string(2000, 'a'));
  EXPECT_EQ(kind_of(), ErrorKind::kUnsupported);
  write("tokenizer.json", "{");
  EXPECT_EQ(kind_of(), ErrorKind::kCorrupt);
}

}  // namespace
}  // namespace enlace
