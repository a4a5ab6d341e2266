#include "link/thesaurus.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "encode/tiny_model.h"
#include "link/kb_place.h"
#include "link/linker.h"
#include "link/pack_thesaurus.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

/// Two terminologies without a common code: one is searched, the other knows more names.
class ThesaurusTest : public testing::Test {
 protected:
  fs::path searched(const fs::path& model = {}) {
    return place_.build("searched",
                        "J10\tInfluenza\ten\nJ11\tGrippal pneumonia\ten\nK81\tCholecystitis\ten\n"
                        "R05\tTos\tes\n",
                        model);
  }
  fs::path wide() {
    return place_.build("wide",
                        "T1\tgripe\tes\nT1\tinfluenza\ten\nT1\ttrancazo\tes\n"
                        "T2\tmal de vesícula\tes\nT2\tcholecystitides\ten\nT2\tcholecystitis\ten\n"
                        "T3\ttos\tes\nT3\tinfluenza\ten\n");
  }

  /// What the thesaurus says of a mention, as texts of the searched knowledge base and its changes.
  std::vector<std::pair<std::string, float>> said(const fs::path& kb, const Thesaurus& thesaurus,
                                                  std::string_view mention) const {
    const KbFolder folder = open_kb_folder(kb);
    const auto parts = searchable_parts(folder, {});
    NgramWorkspace workspace;
    const auto found = thesaurus.other_names({NameForms(), mention, {}}, parts, workspace);
    EXPECT_EQ(found.size(), parts.size());
    std::vector<std::pair<std::string, float>> told;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      for (const auto& [text, likeness] : found[p]) {
        told.emplace_back(parts[p].folder->kb.text(text), likeness);
      }
    }
    return told;
  }

  KbPlace place_;
};

using Told = std::vector<std::pair<std::string, float>>;

TEST_F(ThesaurusTest, SaysUnderWhichNamesItIsKnown) {
  const fs::path kb = searched();
  const auto thesaurus = open_thesaurus(wide());
  EXPECT_EQ(said(kb, *thesaurus, "gripe"), (Told{{"Influenza", 1}}));
  EXPECT_EQ(said(kb, *thesaurus, "GRIPES"), (Told{{"Influenza", 1}}));  // but for inflection
  EXPECT_EQ(said(kb, *thesaurus, "mal de vesicula"), (Told{{"Cholecystitis", 1}}));
  EXPECT_EQ(said(kb, *thesaurus, "fractura"), Told{});
}

TEST_F(ThesaurusTest, TakesAMuchAlikeSkeletonWhereNoNameIsTheSame) {
  const auto found = said(searched(), *open_thesaurus(wide()), "mal de vessicula");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first, "Cholecystitis");
  EXPECT_GT(found[0].second, 0.8F);
  EXPECT_LE(found[0].second, 1.0F);
}

TEST_F(ThesaurusTest, LeadsLessFarByLooseNames) {
  const fs::path kb = place_.build("kb", "J10\tInfluenza\ten\nJ00\tResfriado\tes\n");
  const fs::path other = place_.build("other", "T8\tnada\tes\n");
  place_.update(other, "jsonl",
                R"({"code": "T1", "names": [{"text": "gripe", "language": "es"},)"
                R"( {"text": "influenza", "language": "en"},)"
                R"( {"text": "catarro", "language": "es", "scope": "related"},)"
                R"( {"text": "resfriado", "language": "es", "scope": "broad"}]})"
                "\n"
                R"({"code": "T2", "names": [{"text": "catarro", "language": "es"},)"
                R"( {"text": "resfriado", "language": "es"}]})"
                "\n",
                "");
  const fs::path packed = place_ / "packed.enlace";
  pack_thesaurus(other, packed);
  constexpr float kLoose = kLooseLikeness;
  for (const fs::path& path : {other, packed}) {
    const auto thesaurus = open_thesaurus(path);
    EXPECT_EQ(said(kb, *thesaurus, "gripe"), (Told{{"Influenza", 1}, {"Resfriado", kLoose}}));
    EXPECT_EQ(said(kb, *thesaurus, "catarro"), (Told{{"Influenza", kLoose}, {"Resfriado", 1}}));
    EXPECT_EQ(said(kb, *thesaurus, "nada"), Told{});
  }
  place_.update(other, "tsv", "", "T2\n");
  const auto thesaurus = open_thesaurus(other);
  EXPECT_EQ(said(kb, *thesaurus, "catarro"),
            (Told{{"Influenza", kLoose}, {"Resfriado", kLoose * kLoose}}));
}

TEST_F(ThesaurusTest, IsNotAskedWhatTheKnowledgeBaseKnows) {
  EXPECT_EQ(said(searched(), *open_thesaurus(wide()), "tos"), Told{});  // T3 would say Influenza
}

TEST_F(ThesaurusTest, SeesWhatWasChangedInBoth) {
  const fs::path kb = searched(), other = wide();
  place_.update(kb, "tsv", "J12\tTrancazo viral\tes\n", "J10\n");
  place_.update(other, "tsv", "T9\tcatarro\tes\nT9\ttrancazo viral\tes\n", "T2\n");
  const auto thesaurus = open_thesaurus(other);
  EXPECT_EQ(said(kb, *thesaurus, "catarro"), (Told{{"Trancazo viral", 1}}));
  EXPECT_EQ(said(kb, *thesaurus, "mal de vesícula"), Told{});
}

TEST_F(ThesaurusTest, BringsItsConceptToTheFirstPlaceOfHybrid) {
  const ModelFolder model;
  const fs::path kb = searched(model.path());
  LinkerOptions options;
  options.thesaurus = wide();
  const std::vector<std::string> mentions{"trancazo", "tos"};
  const Linker linker = Linker::open(kb, options);
  const auto found = linker.link(mentions);
  ASSERT_FALSE(found[0].empty());
  const Candidate& first = found[0].front();
  EXPECT_EQ(first.kb->code(first.concept_id), "J10");
  EXPECT_EQ(first.evidence.thesaurus, 1.0F);
  EXPECT_LE(first.score, 1);
  for (const Candidate& other : std::span(found[0]).subspan(1)) {
    EXPECT_FALSE(other.evidence.thesaurus.has_value());
  }
  // Where it says nothing, the order is that of hybrid alone.
  options.thesaurus.clear();
  const auto alone = Linker::open(kb, options).link(mentions);
  ASSERT_EQ(found[1].size(), alone[1].size());
  for (std::size_t i = 0; i < alone[1].size(); ++i) {
    EXPECT_EQ(found[1][i].concept_id, alone[1][i].concept_id);
  }
}

TEST_F(ThesaurusTest, IsRefusedWhereNobodyAsksIt) {
  LinkerOptions options;
  options.retriever = RetrieverKind::kExact;
  options.thesaurus = wide();
  const auto opens = [&] { Linker::open(searched(), options); };
  try {
    opens();
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInvalidArgument);
  }
  EXPECT_THROW(open_thesaurus(place_ / "nowhere"), Error);
}

}  // namespace
}  // namespace enlace
