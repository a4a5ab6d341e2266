#include "encode/model_card.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "encode/tiny_model.h"

namespace enlace {
namespace {

bool has(const std::string& card, std::string_view part) {
  return card.find(part) != std::string::npos;
}

TEST(ModelCard, SaysWhatTheFolderSaysAlone) {
  const ModelFolder model;
  model.put(
      "enlace.json",
      R"({"prefix":"query: ","max_tokens":25,"fold_case":true,"plain_names":true,"concept_share":0.2})");
  const std::string card = model_card(model.path(), {"tiny", "mit", "some/base", {"es", "en"}});
  EXPECT_TRUE(
      card.starts_with("---\nlanguage:\n- \"en\"\n- \"es\"\nlicense: \"mit\"\n"
                       "base_model: \"some/base\"\n"))
      << card;
  EXPECT_TRUE(has(card, "\n---\n\n# tiny\n")) << card;
  EXPECT_TRUE(has(card, "| prefix | `query: ` |")) << card;
  EXPECT_TRUE(has(card, "| longest text | 25 tokens |")) << card;
  EXPECT_TRUE(has(card, "| case | names in lower case, mentions both ways |")) << card;
  EXPECT_TRUE(has(card, "lower the names and take that mean")) << card;
  EXPECT_TRUE(has(card, "| closing words | without \"unspecified\", \"NOS\", \"SAI\" |")) << card;
  EXPECT_TRUE(has(card, "| score | 0.8 of the name's cosine and 0.2 of its concept's |")) << card;
  EXPECT_TRUE(has(card, " million F32 |")) << card;
  EXPECT_FALSE(has(card, "How it was trained")) << card;
  EXPECT_FALSE(has(card, "Vocabulary")) << card;
}

TEST(ModelCard, SaysWhatTheRecordsSay) {
  const ModelFolder model;
  model.put(
      "training.json",
      R"({"command":"enlace train --seed 3","recipe":"sapbert","seed":3,"step":70,)"
      R"("licence":"apache-2.0","options":{"rate":"2e-5"},"losses":[0.9,0.5,0.25],)"
      R"("sources":[{"name":"HPO | labels","licence":"HPO","names":12,"languages":["fr","es"]},)"
      R"({"source":"Wikidata"},7]})");
  model.put("pruning.json",
            R"({"entries_before":250,"entries_after":64,"texts":9,"texts_split_as_before":8,)"
            R"("min_count":2,"scripts":["latin","greek"]})");
  model.put("blending.json",
            R"({"steps":[{"initial":"a","share":0.5,"command":"enlace train --seed 4"},)"
            R"({"initial":"b","share":0.25,"steps":[{"initial":"c","share":0.75}]}]})");
  model.put("receipt.json",
            R"({"weights":"int8","precision":"bf16","kernels":"avx2","cosine":{"texts":9,)"
            R"("least":0.5,"mean":0.75},"accuracy":[{"set":"s","mentions":4,"at":{)"
            R"("1":{"before":0.5,"after":0.25}}}]})");
  const std::string card = model_card(model.path());
  for (const char* part :
       {"- \"es\"\n- \"fr\"\n", "license: \"apache-2.0\"", "enlace train --seed 3",
        "| recipe | sapbert |", "| steps | 70 |", "| rate | 2e-5 |", "0.9000, 0.5000, 0.2500.",
        "| HPO \\| labels | HPO | 12 |", "| Wikidata |  |  |", "Cut from 250 to 64 entries",
        "* weights of a + 0.5 x (weights - a)\n\n  a was trained by\n  ```\n  enlace train --seed "
        "4\n",
        "* weights of b + 0.25 x (weights - b)\n\n  b was blended:\n  * weights of c + 0.75 x",
        "use 2 times or more", "latin, greek", "0.75000 on average, at least 0.50000",
        "| s | 4 | 0.2500 | -0.2500 | | | | |"}) {
    EXPECT_TRUE(has(card, part)) << part << "\n" << card;
  }
}

TEST(ModelCard, BearsWithRecordsThatSayLittleOrOtherThings) {
  const ModelFolder model;
  for (const char* text :
       {"{}", R"({"sources":{},"losses":"x","options":[],"at":3,"command":{},"seed":[[]]})",
        R"({"sources":[],"losses":[],"accuracy":[{}, 1],"cosine":{},"min_count":null,)"
        R"("steps":[1, {}]})"}) {
    for (const char* name : {"training.json", "blending.json", "pruning.json", "receipt.json"}) {
      model.put(name, text);
    }
    const std::string card = model_card(model.path());
    EXPECT_TRUE(has(card, "library_name: sentence-transformers"));
    EXPECT_FALSE(has(card, "Cut from  to ")) << card;  // of which nothing is known
    EXPECT_FALSE(has(card, "Computed in  on ")) << card;
  }
  model.put("training.json", "[]");
  EXPECT_THROW(model_card(model.path()), Error);
  model.put("training.json", "{");
  EXPECT_THROW(model_card(model.path()), Error);
  std::filesystem::remove(model.path() / "training.json");
  std::filesystem::remove(model.path() / "config.json");
  EXPECT_THROW(model_card(model.path()), Error);
}

}  // namespace
}  // namespace enlace
