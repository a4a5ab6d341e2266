#include "text/prune_tokenizer.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "base/error.h"
#include "text/load_tokenizer.h"

namespace enlace {
namespace {

constexpr std::size_t kAll = 100;

const std::string kUnigram = R"({"version":"1.0","truncation":null,
  "padding":{"strategy":"BatchLongest","pad_id":8,"pad_token":"<pad>"},
  "added_tokens":[{"id":0,"content":"<s>","special":true},{"id":8,"content":"<pad>","special":true},
                  {"id":17,"content":"<mask>","special":true}],
  "normalizer":null,
  "pre_tokenizer":{"type":"Metaspace","replacement":"▁","add_prefix_space":true},
  "post_processor":{"type":"TemplateProcessing",
    "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
              {"SpecialToken":{"id":"</s>","type_id":0}}],
    "special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]},
                      "</s>":{"id":"</s>","ids":[5],"tokens":["</s>"]}}},
  "decoder":null,
  "model":{"type":"Unigram","unk_id":3,"vocab":[
    ["<s>",0],["▁do",-4.25],["lor",-4.5],["<unk>",0],["▁dolor",-5],["</s>",0],["▁",-2],["d",-6],
    ["<pad>",0],["o",-6],["l",-6],["r",-6],["ж",-7],["▁ж",-7],["病",-9],["жж",-8],["7",-6]]}})";

/// `kUses` of the ids of `text`.
std::vector<std::uint64_t> uses_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::uint64_t> uses(std::size_t(tokenizer.size()));
  for (const std::int32_t id : tokenizer.encode(text, kAll).ids) ++uses[std::size_t(id)];
  return uses;
}

ScriptSet latin() {
  return ScriptSet().set(std::size_t(Script::kLatin));
}

std::vector<std::int32_t> old_ids(const PrunedTokenizer& pruned, std::string_view text) {
  std::vector<std::int32_t> ids = parse_tokenizer(pruned.json, "pruned").encode(text, kAll).ids;
  for (std::int32_t& id : ids) id = pruned.kept[std::size_t(id)];
  return ids;
}

TEST(PruneTokenizer, KeepsWhatIsUsedAndTheAlphabetOfTheScripts) {
  const Tokenizer whole = parse_tokenizer(kUnigram, "t");
  const auto uses = uses_of(whole, "dolor");
  const PrunedTokenizer pruned = prune_tokenizer(kUnigram, "t", {uses, 1, latin(), {}, 0, 0});
  // Without "▁do", "lor" and the Cyrillic; 病 has the least score.
  EXPECT_EQ(pruned.kept, (std::vector<std::int32_t>{0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 16, 17}));
  EXPECT_EQ(parse_tokenizer(pruned.json, "t").size(), 13);
  EXPECT_EQ(old_ids(pruned, "dolor"), whole.encode("dolor", kAll).ids);
  EXPECT_EQ(old_ids(pruned, "dolor 7<mask>"), whole.encode("dolor 7<mask>", kAll).ids);
  // What was one entry falls apart; what has no letters any more is unknown.
  EXPECT_EQ(old_ids(pruned, "do"), (std::vector<std::int32_t>{0, 6, 7, 9, 5}));
  EXPECT_EQ(old_ids(pruned, "ж"), (std::vector<std::int32_t>{0, 6, 3, 5}));
  EXPECT_NE(pruned.json.find("\"pad_id\":6"), std::string::npos) << pruned.json;
}

TEST(PruneTokenizer, KeepsWhatItIsAskedFor) {
  const std::vector<std::uint64_t> uses = {0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const auto kept = [&](std::uint64_t min_count, std::vector<std::int32_t> ids, std::int32_t first,
                        std::size_t at_least) {
    return prune_tokenizer(kUnigram, "t", {uses, min_count, {}, std::move(ids), first, at_least})
        .kept;
  };
  using Ids = std::vector<std::int32_t>;
  EXPECT_EQ(kept(1, {}, 0, 0), (Ids{0, 1, 2, 3, 5, 6, 8, 14, 16, 17}));
  EXPECT_EQ(kept(2, {}, 0, 0), (Ids{0, 2, 3, 5, 6, 8, 14, 16, 17}));
  EXPECT_EQ(kept(3, {4}, 0, 0), (Ids{0, 3, 4, 5, 6, 8, 14, 16, 17}));
  EXPECT_EQ(kept(3, {}, 2, 0), (Ids{0, 1, 3, 5, 6, 8, 14, 16, 17}));
  // Filled up with the highest scores of the scripts, here none.
  EXPECT_EQ(kept(3, {}, 0, 100), (Ids{0, 3, 5, 6, 8, 14, 16, 17}));
  EXPECT_EQ(prune_tokenizer(kUnigram, "t", {uses, 3, latin(), {}, 0, 14}).kept, (Ids{
                                                                                    0,
                                                                                    1,
                                                                                    2,
                                                                                    3,
                                                                                    5,
                                                                                    6,
                                                                                    7,
                                                                                    8,
                                                                                    9,
                                                                                    10,
                                                                                    11,
                                                                                    14,
                                                                                    16,
                                                                                    17,
                                                                                }));
}

const std::string kWordPiece = R"({"version":"1.0","truncation":null,"padding":null,
  "added_tokens":[{"id":1,"content":"[UNK]","special":true},{"id":9,"content":"[X]","special":true}],
  "normalizer":null,"pre_tokenizer":{"type":"BertPreTokenizer"},
  "post_processor":{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]},"decoder":null,
  "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
    "max_input_chars_per_word":100,
    "vocab":{"unused":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"do":4,"##lor":5,"##l":6,"d":7,"##ж":8}}})";

TEST(PruneTokenizer, CutsWordPieces) {
  const Tokenizer whole = parse_tokenizer(kWordPiece, "t");
  const auto uses = uses_of(whole, "dolor");
  const PrunedTokenizer pruned = prune_tokenizer(kWordPiece, "t", {uses, 1, latin(), {}, 0, 0});
  EXPECT_EQ(pruned.kept, (std::vector<std::int32_t>{1, 2, 3, 4, 5, 6, 7, 9}));
  EXPECT_EQ(old_ids(pruned, "dolor[X]d"), whole.encode("dolor[X]d", kAll).ids);
  EXPECT_EQ(old_ids(pruned, "unused"), (std::vector<std::int32_t>{2, 1, 3}));
}

const std::string kBpe = R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":[],
  "normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},
  "post_processor":{"type":"RobertaProcessing","sep":["</s>",1],"cls":["<s>",0],
                    "trim_offsets":true,"add_prefix_space":false},
  "decoder":{"type":"ByteLevel"},
  "model":{"type":"BPE","vocab":{"<s>":0,"</s>":1,"a":2,"b":3,"c":4,"d":5,"ab":6,"cd":7,"abc":8,
                                 "abcd":9,"bc":10,"dd":11},
    "merges":["a b",["c","d"],"ab c","ab cd","b c","d d"]}})";

TEST(PruneTokenizer, KeepsTheMergesThatMakeAnEntryAndTheirParts) {
  const Tokenizer whole = parse_tokenizer(kBpe, "t");
  for (const char* text : {"abcd", "abc", "bc", "abcdd", "dd"}) {
    const auto uses = uses_of(whole, text);
    const PrunedTokenizer pruned = prune_tokenizer(kBpe, "t", {uses, 1, {}, {}, 0, 0});
    EXPECT_LT(pruned.kept.size(), 12U) << text;
    EXPECT_EQ(old_ids(pruned, text), whole.encode(text, kAll).ids) << text;
  }
  const auto uses = uses_of(whole, "abcd");
  // "ab" and "cd" as its parts, "abc" and "bc" as nobody's.
  EXPECT_EQ(prune_tokenizer(kBpe, "t", {uses, 1, {}, {}, 0, 0}).kept,
            (std::vector<std::int32_t>{0, 1, 2, 3, 4, 5, 6, 7, 9}));
}

TEST(PruneTokenizer, RefusesCountsOfAnotherVocabulary) {
  const std::vector<std::uint64_t> uses(3);
  EXPECT_THROW(prune_tokenizer(kUnigram, "t", {uses, 1, {}, {}, 0, 0}), Error);
  EXPECT_THROW(prune_tokenizer("{}", "t", {uses, 1, {}, {}, 0, 0}), Error);
}

}  // namespace
}  // namespace enlace
