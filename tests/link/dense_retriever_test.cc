#include "link/dense_retriever.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "encode/tiny_model.h"
#include "link/build.h"
#include "link/kb_place.h"
#include "link/linker.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

/// A knowledge base whose model says how concepts are scored.
class DenseRetrieverTest : public testing::Test {
 protected:
  DenseRetrieverTest() {
    place_.put("names.tsv",
               "A\tdolmen\tla\nA\tbafi gor\tla\nA\tbafi\tla\nBB\tdolmen\tla\nBB\ttis lum\tla\n"
               "C\tgor ce\tla\n");
  }

  Linker made_linker(const std::string& usage) const {
    model_.put("enlace.json", usage);
    BuildOptions build;
    build.out = place_ / "kb";
    build.model = model_.path();
    build.precision = Precision::kF32;
    build.sources = {"tsv=" + (place_ / "names.tsv").string()};
    fs::remove_all(build.out);
    build_kb_folder(build);
    LinkerOptions options;
    options.retriever = RetrieverKind::kDense;
    options.k = 3;
    return Linker::open(build.out, options);
  }

  std::vector<double> vector_of(const std::string& text) const {
    const auto floats =
        embed_mentions(TextEncoder::open(model_.path(), Precision::kF32), {&text, 1}, 1);
    return {floats.begin(), floats.end()};
  }

  /// The cosine of a text with the sum of the vectors of others.
  double cosine(const std::string& text, const std::vector<std::string>& others) const {
    const std::vector<double> one = vector_of(text);
    std::vector<double> sum(one.size());
    for (const std::string& other : others) {
      const std::vector<double> vector = vector_of(other);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += vector[i];
    }
    double product = 0, square = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      product += one[i] * sum[i];
      square += sum[i] * sum[i];
    }
    return product / std::sqrt(square);
  }

  ModelFolder model_;
  KbPlace place_;
};

TEST_F(DenseRetrieverTest, ScoresByTheNameAlone) {
  const std::vector<std::string> mentions{"dolmen"};
  const Linker linker = made_linker("{}");
  const auto found = linker.link(mentions)[0];
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].kb->code(found[0].concept_id), "A");  // of equal scores the shorter code
  EXPECT_EQ(found[0].score, found[1].score);
  for (const Candidate& each : found) EXPECT_EQ(each.score, *each.evidence.dense);
}

TEST_F(DenseRetrieverTest, ScoresByTheConceptTooWhereTheModelSaysSo) {
  const std::map<std::string_view, std::vector<std::string>> names{
      {"A", {"dolmen", "bafi gor", "bafi"}}, {"BB", {"dolmen", "tis lum"}}, {"C", {"gor ce"}}};
  const Linker linker = made_linker(R"({"concept_share":0.25})");
  for (const std::string mention : {"dolmen", "bafi", "lum tis", "gor"}) {
    const auto found = linker.link({&mention, 1})[0];
    ASSERT_EQ(found.size(), 3U);
    for (const Candidate& each : found) {
      const double of_name = cosine(mention, {std::string(each.kb->name(each.name_id).text)});
      const double of_concept = cosine(mention, names.at(each.kb->code(each.concept_id)));
      EXPECT_NEAR(*each.evidence.dense, of_name, 1e-5) << mention;
      EXPECT_NEAR(each.score, 0.75 * of_name + 0.25 * of_concept, 1e-5) << mention;
    }
    EXPECT_GE(found[0].score, found[1].score);
    EXPECT_GE(found[1].score, found[2].score);
  }
  const std::string shared = "dolmen";
  const auto found = linker.link({&shared, 1})[0];
  EXPECT_NE(found[0].score, found[1].score);  // two concepts with this very name are told apart
}

}  // namespace
}  // namespace enlace
