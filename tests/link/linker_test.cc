#include "link/linker.h"

#include <gtest/gtest.h>

#include "link/kb_place.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

/// What short forms do to linking, by spelling alone.
class LinkerReadings : public testing::Test {
 protected:
  static Linker open(const fs::path& kb, RetrieverKind kind,
                     const std::optional<Abbreviations>& abbreviations) {
    LinkerOptions options;
    options.retriever = kind;
    options.abbreviations = abbreviations;
    return Linker::open(kb, options);
  }

  static std::vector<std::string> told(const std::vector<Candidate>& candidates) {
    std::vector<std::string> lines;
    for (const Candidate& one : candidates) {
      lines.push_back(std::string(one.kb->code(one.concept_id)) + ' ' +
                      std::string(one.kb->name(one.name_id).text) + '|' + one.read_as);
    }
    return lines;
  }

  KbPlace place_;
  const Abbreviations table_ = {{"DM", {"diabetes mellitus", "distrofia muscular"}}};
};

using Lines = std::vector<std::string>;

TEST_F(LinkerReadings, GiveAConceptTheBestScoreOfAny) {
  const fs::path kb = place_.build("kb", "1\tdiabetes mellitus\tes\n2\tdistrofia muscular\tes\n");
  const Linker linker = open(kb, RetrieverKind::kExact, table_);
  const auto found =
      linker.link(std::vector<std::string>{"DM", "DM", "distrofia muscular", "otra"});
  EXPECT_EQ(told(found[0]), (Lines{"1 diabetes mellitus|diabetes mellitus",
                                   "2 distrofia muscular|distrofia muscular"}));
  EXPECT_EQ(told(found[1]), told(found[0]));
  EXPECT_EQ(told(found[2]), (Lines{"2 distrofia muscular|"}));
  EXPECT_EQ(told(found[3]), Lines{});
}

TEST_F(LinkerReadings, AreNoneOfWhatIsANameAsItStands) {
  const fs::path kb = place_.build("kb", "1\tDM\tes\n2\tdistrofia muscular\tes\n");
  const Linker linker = open(kb, RetrieverKind::kExact, table_);
  EXPECT_EQ(told(linker.link(std::vector<std::string>{"DM"})[0]), (Lines{"1 DM|"}));
}

TEST_F(LinkerReadings, AreNoneUnlessAskedForBySpelling) {
  const fs::path kb = place_.build("kb", "2\thipertensión arterial\tes\n");
  const std::vector<std::string> mentions{"HTA"};
  EXPECT_EQ(told(open(kb, RetrieverKind::kExact, {}).link(mentions)[0]), Lines{});
  EXPECT_EQ(told(open(kb, RetrieverKind::kExact, Abbreviations()).link(mentions)[0]), Lines{});
  EXPECT_EQ(told(open(kb, RetrieverKind::kExact, clinical_abbreviations()).link(mentions)[0]),
            (Lines{"2 hipertensión arterial|hipertensión arterial"}));
}

TEST_F(LinkerReadings, GoThroughChangesAsThroughAWhole) {
  const std::string before = "1\tdiabetes mellitus\tes\n3\tdiabetes\tes\n";
  const std::string after = "2\tdistrofia muscular\tes\n4\tdiabetes mellitus grave\tes\n";
  const fs::path changed = place_.build("changed", before),
                 whole = place_.build("whole", before + after);
  place_.update(changed, "tsv", after, "");
  const std::vector<std::string> mentions{"DM", "DM grave"};
  const Linker in_two = open(changed, RetrieverKind::kExact, table_);
  const Linker in_one = open(whole, RetrieverKind::kExact, table_);
  for (std::size_t i = 0; i < mentions.size(); ++i) {
    EXPECT_EQ(told(in_two.link(mentions)[i]), told(in_one.link(mentions)[i])) << mentions[i];
  }
  EXPECT_EQ(told(in_two.link(mentions)[1]),
            (Lines{"4 diabetes mellitus grave|diabetes mellitus grave"}));
}

TEST_F(LinkerReadings, FollowTheDocumentFirst) {
  const fs::path kb = place_.build("kb", "1\tdiabetes mellitus\tes\n5\tdosis máxima\tes\n");
  const Linker linker = open(kb, RetrieverKind::kExact, table_);
  const std::string text = "La dosis máxima (DM) es baja. DM alta.";
  const auto at = text.rfind("DM");
  const std::vector<Document> documents{{"a", text, "es", {mention_at(text, at, at + 2)}},
                                        {"b", "DM", "es", {mention_at("DM", 0, 2)}},
                                        {"c", "nada", "es", {}}};
  const auto found = linker.link(documents);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(told(found[0]), (Lines{"5 dosis máxima|dosis máxima"}));
  EXPECT_EQ(told(found[1]), (Lines{"1 diabetes mellitus|diabetes mellitus"}));
}

}  // namespace
}  // namespace enlace
