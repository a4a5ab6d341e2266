#include "link/update.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "link/kb_folder.h"
#include "link/kb_place.h"
#include "link/linker.h"
#include "link/made_names.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

class Update : public testing::Test {
 protected:
  Update() {
    BuildOptions options;
    options.out = kb();
    options.sources = {"tsv=" + place_.put("base.tsv",
                                           "A\tfiebre\tes\nA\tfever\ten\nB\ttos\tes\n"
                                           "C\tdolor\tes\nD\tdolor\tes\n")};
    build_kb_folder(options);
  }

  fs::path kb() const { return place_ / "kb"; }
  UpdateReport update(const std::string& add, const std::string& retire) const {
    return place_.update(kb(), "tsv", add, retire);
  }
  /// "code=name" of the candidates of a mention, best first.
  static std::string linked(const Linker& linker, const std::string& mention) {
    std::string text;
    const std::vector<std::string> mentions{mention};
    const auto found = linker.link(mentions);
    for (const Candidate& candidate : found[0]) {
      text += std::string(candidate.kb->code(candidate.concept_id)) + "=" +
              std::string(candidate.kb->name(candidate.name_id).text) + " ";
    }
    return text;
  }
  std::string linked(const std::string& mention, RetrieverKind kind = RetrieverKind::kExact,
                     const NameFilter& filter = {}) const {
    LinkerOptions options;
    options.retriever = kind;
    options.filter = filter;
    if (kind == RetrieverKind::kNgram) options.k = 1;  // others may be a little alike
    return linked(Linker::open(kb(), options), mention);
  }

  /// The score of every name that is a candidate of a mention, by "mention: code=name".
  std::map<std::string, float> ngram_scores(const std::vector<std::string>& mentions) const {
    LinkerOptions options;
    options.retriever = RetrieverKind::kNgram;
    options.k = 10'000;
    const Linker linker = Linker::open(kb(), options);
    std::map<std::string, float> scores;
    const auto found = linker.link(mentions);
    for (std::size_t i = 0; i < mentions.size(); ++i) {
      for (const Candidate& each : found[i]) {
        scores[mentions[i] + ": " + std::string(each.kb->code(each.concept_id)) + "=" +
               std::string(each.kb->name(each.name_id).text)] = each.score;
      }
    }
    return scores;
  }

  KbPlace place_;
};

TEST_F(Update, IsSeenByTheNextLinkerInEveryRetriever) {
  const UpdateReport report = update("E\tcefalea\tes\nA\tcalentura\tes\n", "B\n");
  EXPECT_EQ(report.retired_concepts, 1U);
  EXPECT_EQ(report.concepts, 2U);
  EXPECT_EQ(report.names, 4U);
  EXPECT_EQ(report.superseded, 2U);
  for (const RetrieverKind kind : {RetrieverKind::kExact, RetrieverKind::kNgram}) {
    EXPECT_EQ(linked("cefalea", kind), "E=cefalea ");
    EXPECT_EQ(linked("calentura", kind), "A=calentura ");
    EXPECT_EQ(linked("Fiebre", kind), "A=fiebre ");
    EXPECT_EQ(linked("tos", kind).find("B="), std::string::npos);
    EXPECT_EQ(linked("dolor", kind).substr(0, 8), "C=dolor ");
  }
  verify_kb_folder(kb());
}

TEST_F(Update, ChangesANameByRetiringTheOldAndAddingTheNew) {
  update("B\ttusígeno\tes\n", "B\ttos\tes\n");
  EXPECT_EQ(linked("tos"), "");
  EXPECT_EQ(linked("tusígeno"), "B=tusígeno ");
}

TEST_F(Update, LeavesWhatIsOpenAsItWas) {
  LinkerOptions options;
  options.retriever = RetrieverKind::kExact;
  const Linker before = Linker::open(kb(), options);
  update("E\tcefalea\tes\n", "B\n");
  const Linker between = Linker::open(kb(), options);
  update("", "E\n");
  EXPECT_EQ(linked(before, "tos"), "B=tos ");
  EXPECT_EQ(linked(before, "cefalea"), "");
  EXPECT_EQ(linked(between, "cefalea"), "E=cefalea ");
  EXPECT_EQ(linked("cefalea"), "");
  EXPECT_FALSE(fs::exists(kb() / "changes-1"));
}

TEST_F(Update, KeepsATextThatAnotherConceptStillHas) {
  update("", "C\n");
  const Linker linker = Linker::open(kb());
  EXPECT_TRUE(linker.has_name("dolor"));
  EXPECT_TRUE(linker.has_name("tos"));
  EXPECT_EQ(linked("dolor"), "D=dolor ");
  EXPECT_EQ(linked("dolor", RetrieverKind::kNgram), "D=dolor ");
  update("", "B\n");
  EXPECT_FALSE(Linker::open(kb()).has_name("tos"));
}

TEST_F(Update, FiltersWhatWasAddedToo) {
  update("E\tmigraine\tfr\n", "");
  EXPECT_EQ(linked("migraine", RetrieverKind::kExact, {.languages = {"fr"}}), "E=migraine ");
  EXPECT_EQ(linked("tos", RetrieverKind::kExact, {.languages = {"fr"}}), "");
  EXPECT_EQ(linked("tos", RetrieverKind::kExact, {.languages = {"es", "fr"}}), "B=tos ");
  EXPECT_THROW(linked("tos", RetrieverKind::kExact, {.languages = {"de"}}), Error);
}

TEST_F(Update, GivesANameTheScoreThatItHasInTheBase) {
  update("E\tdolor\tes\nA\tcalentura\tes\nA\taaaaaaa\tes\n", "");
  const std::vector<std::string> mentions{"dolor", "dolores", "dol", "dolor con calentura"};
  const auto scores = ngram_scores(mentions);
  for (const std::string& mention : mentions) {
    const float expected = scores.at(mention + ": D=dolor");  // D is in the base, E is not
    EXPECT_NEAR(scores.at(mention + ": E=dolor"), expected, 1e-6F) << mention;
    EXPECT_GT(expected, 0.1F) << mention;
  }
  EXPECT_NEAR(scores.at("dolor: E=dolor"), 1, 1e-6F);
  EXPECT_LT(scores.at("dolor con calentura: A=calentura"), 1);
}

TEST_F(Update, GivesAnAddedNameNearlyTheScoreOfARebuild) {
  // A base of some size, and a few names that share most n-grams with it.
  const auto names = [](char prefix, int count) {
    Random random(static_cast<std::uint64_t>(prefix));
    std::string rows;
    for (int i = 0; i < count; ++i) {
      rows += prefix + std::to_string(i) + '\t' + made_name(random) + "\tes\n";
    }
    return rows;
  };
  fs::remove_all(kb());
  BuildOptions options;
  options.out = kb();
  options.sources = {"tsv=" + place_.put("base.tsv", names('B', 2000))};
  build_kb_folder(options);
  update(names('M', 20), "");
  const std::vector<std::string> mentions{"bace dol", "menfilu", "tis gor", "lulu bafi", "ceba"};
  const auto updated = ngram_scores(mentions);
  CompactOptions compact;
  compact.kb = kb();
  compact_kb_folder(compact);
  const auto rebuilt = ngram_scores(mentions);
  ASSERT_EQ(updated.size(), rebuilt.size());
  ASSERT_GT(updated.size(), 1000U);
  float most = 0;
  for (const auto& [name, score] : rebuilt) {
    most = std::max(most, std::abs(updated.at(name) - score));
  }
  // A rebuild learns n and df anew, from 1 % more names.
  EXPECT_LT(most, 0.01F);
}

TEST_F(Update, IsFoldedInByCompact) {
  update("E\tcefalea\tes\nA\tcalentura\tes\n", "B\nC\n");
  CompactOptions options;
  options.kb = kb();
  const BuildReport report = compact_kb_folder(options);
  EXPECT_EQ(report.concepts, 3U);
  EXPECT_EQ(report.names, 5U);
  EXPECT_FALSE(fs::exists(kb() / "changes-1"));
  EXPECT_EQ(linked("calentura"), "A=calentura ");
  EXPECT_EQ(linked("tos"), "");
  EXPECT_EQ(linked("dolor"), "D=dolor ");
  verify_kb_folder(kb());
}

TEST_F(Update, RefusesToFilterByACodeThatIsNoConceptAnyMore) {
  EXPECT_EQ(linked("tos", RetrieverKind::kExact, {.subtrees = {"B"}}), "B=tos ");
  update("", "B\n");
  EXPECT_THROW(linked("tos", RetrieverKind::kExact, {.subtrees = {"B"}}), Error);
}

TEST_F(Update, KeepsTheSourcesOfEarlierUpdates) {
  const auto sources = [&](const fs::path& folder) {
    std::string specs;
    for (const ManifestSource& source : read_manifest(folder).sources) {
      specs += fs::path(source.spec).filename().string() + " ";
    }
    return specs;
  };
  UpdateOptions options;
  options.kb = kb();
  for (const std::string name : {"one.tsv", "two.tsv"}) {
    options.sources = {"tsv=" + place_.put(name, "E\t" + name + "\tes\n")};
    update_kb_folder(options);
  }
  update("", "B\n");
  EXPECT_EQ(sources(kb() / "changes-3"), "one.tsv two.tsv ");
  CompactOptions compact;
  compact.kb = kb();
  compact_kb_folder(compact);
  EXPECT_EQ(sources(kb()), "base.tsv one.tsv two.tsv ");
}

TEST_F(Update, RefusesBadInputAndLeavesTheKnowledgeBaseAsItWas) {
  UpdateOptions options;
  options.kb = kb();
  EXPECT_THROW(update_kb_folder(options), Error);
  options.sources = {"tsv=" + place_.put("bad.tsv", "no tab here\n")};
  EXPECT_THROW(update_kb_folder(options), Error);
  options.kb = place_ / "nowhere";
  EXPECT_THROW(update_kb_folder(options), Error);
  EXPECT_EQ(linked("tos"), "B=tos ");
  verify_kb_folder(kb());
  const UpdateReport report = update("", "Z\nA\tnada\n");
  EXPECT_EQ(report.unknown, (std::vector<std::string>{"A: a name", "Z"}));
}

TEST_F(Update, RefusesDamagedChanges) {
  update("E\tcefalea\tes\n", "B\n");
  const fs::path superseded = kb() / "changes-1" / "superseded.enlace";
  const auto size = fs::file_size(superseded);
  fs::resize_file(superseded, size - 1);
  EXPECT_THROW(open_kb_folder(kb()), Error);
  fs::remove_all(kb() / "changes-1");
  EXPECT_THROW(open_kb_folder(kb()), Error);
}

}  // namespace
}  // namespace enlace
