#include "link/folded_kb.h"

#include <set>

#include <gtest/gtest.h>

#include "base/error.h"
#include "kb/export_jsonl.h"
#include "link/kb_place.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

class Folded : public testing::Test {
 protected:
  Folded() {
    fs::create_directories(scratch().parent_path());
    BuildOptions options;
    options.out = kb();
    options.sources = {
        "jsonl=" + place_.put("base.jsonl", R"({"code":"A","names":[{"text":"fever"}],"types":["T"]}
{"code":"B","names":[{"text":"high fever"}],"parents":["A"],"xrefs":["X:1"]}
{"code":"C","names":[{"text":"very high fever"}],"parents":["B"],"definition":"above 41"}
{"code":"D","names":[{"text":"cough"},{"text":"tussis"}],"types":["T"]}
{"code":"E","names":[{"text":"dry cough"}],"parents":["D"]}
)")};
    build_kb_folder(options);
  }

  fs::path kb() const { return place_ / "kb"; }
  fs::path scratch() const { return place_ / "scratch" / "kb"; }
  void update(const std::string& add, const std::string& retire) const {
    place_.update(kb(), "jsonl", add, retire);
  }
  void compact() const {
    CompactOptions options;
    options.kb = kb();
    compact_kb_folder(options);
  }
  static std::string exported(const KnowledgeBase& kb) {
    std::string lines;
    export_jsonl(kb, {}, [&](std::string_view line) { lines.append(line) += '\n'; });
    return lines;
  }

  using Sources = std::vector<std::pair<std::string, std::string>>;  // by name, such as "1.tsv"
  /// Writes them; their specs.
  std::vector<std::string> put(const Sources& sources) {
    std::vector<std::string> specs;
    for (const auto& [name, content] : sources) {
      specs.push_back(name.substr(name.find('.') + 1) + "=" + place_.put(name, content));
    }
    return specs;
  }

  /// The codes at and below each concept of `kb`, as its parts say or, folded, as one does.
  static std::string hierarchy(const ChangedKb& kb, const KnowledgeBase& folded) {
    std::string lines;
    for (ConceptId top = 0; top < folded.concept_count(); ++top) {
      std::set<std::string> codes;
      for (const KnowledgeBase* part : {kb.base, kb.added}) {
        const auto concept_id = part == nullptr ? std::nullopt : part->find(folded.code(top));
        if (!concept_id) continue;
        for (const ConceptId below : part->descendants(*concept_id)) {
          const auto place = find_concept(kb, part->code(below));
          if (place && place->kb == part) codes.emplace(part->code(below));
        }
      }
      lines.append(folded.code(top)) += ":";
      for (const std::string& code : codes) lines += " " + code;
      lines += "\n";
    }
    return lines;
  }

  /// Builds of the first sources, updates with the others, one after the other, and expects what a
  /// build of all of them makes.
  void expect_as_rebuilt(const std::vector<Sources>& steps,
                         const std::vector<std::string>& merge_xrefs = {}) {
    BuildOptions updated, rebuilt;
    updated.out = place_ / "updated";
    rebuilt.out = place_ / "rebuilt";
    updated.merge_xrefs = rebuilt.merge_xrefs = merge_xrefs;
    for (const Sources& step : steps) {
      const auto specs = put(step);
      rebuilt.sources.insert(rebuilt.sources.end(), specs.begin(), specs.end());
      if (&step == &steps.front()) {
        updated.sources = specs;
        build_kb_folder(updated);
        continue;
      }
      UpdateOptions options;
      options.kb = updated.out;
      options.sources = specs;
      update_kb_folder(options);
    }
    build_kb_folder(rebuilt);
    const KbFolder folder = open_kb_folder(updated.out);
    const FoldedKb folded(folder, scratch());
    const KbFolder expected = open_kb_folder(rebuilt.out);
    EXPECT_EQ(exported(folded.kb()), exported(expected.kb));
    EXPECT_EQ(folded.kb().fingerprint(), expected.kb.fingerprint());
    EXPECT_EQ(hierarchy(changed_kb(folder), folded.kb()), hierarchy({&expected.kb}, expected.kb));
  }

  KbPlace place_;
};

constexpr const char* kMapping = "subject_id\tpredicate_id\tobject_id\n";

TEST_F(Folded, IsTheBaseItselfWithoutChanges) {
  const KbFolder folder = open_kb_folder(kb());
  const FoldedKb folded(folder, place_ / "nowhere" / "kb");
  EXPECT_EQ(&folded.kb(), &folder.kb);
}

TEST_F(Folded, IsByteForByteWhatCompactMakes) {
  // A new concept, one between two others, a parent that goes, a name that goes, twice updated.
  update(R"({"code":"F","names":[{"text":"fiebre","language":"es"}],"parents":["A"]}
{"code":"C","names":[{"text":"hyperpyrexia"}],"parents":["F"]}
)",
         "D\n");
  update(R"({"code":"G","names":[{"text":"wheeze"}],"types":["U"]})", "B\thigh fever\nF\n");
  std::uint64_t fingerprint = 0;
  std::string lines;
  {
    const KbFolder folder = open_kb_folder(kb());
    ASSERT_TRUE(folder.changes);
    const FoldedKb folded(folder, scratch());
    EXPECT_TRUE(fs::is_empty(scratch().parent_path()));
    folded.kb().verify();
    fingerprint = folded.kb().fingerprint();
    lines = exported(folded.kb());
  }
  compact();
  const KbFolder compacted = open_kb_folder(kb());
  ASSERT_FALSE(compacted.changes);
  EXPECT_EQ(fingerprint, compacted.kb.fingerprint());
  EXPECT_EQ(lines, exported(compacted.kb));
  EXPECT_EQ(lines.find("tussis"), std::string::npos);
  EXPECT_NE(lines.find("hyperpyrexia"), std::string::npos);
  EXPECT_NE(lines.find("wheeze"), std::string::npos);
}

TEST_F(Folded, FoldsInRetirementsAlone) {
  update("", "D\nE\n");
  const KbFolder folder = open_kb_folder(kb());
  ASSERT_FALSE(folder.changes->added);
  const FoldedKb folded(folder, scratch());
  EXPECT_EQ(folded.kb().concept_count(), 3U);
}

TEST_F(Folded, IsARebuildWhereAnUpdateRepeatsNames) {
  expect_as_rebuilt({{{"1.jsonl", R"({"code":"A","names":[{"text":"fever","licence":"UMLS-SRL9"}],)"
                                  R"("definition":"hot"})"}},
                     {{"2.jsonl", R"({"code":"A","names":[{"text":"fever","licence":"CC0-1.0"},)"
                                  R"({"text":"pyrexia"}],"definition":"very hot"})"}},
                     {{"3.tsv", "A\tpyrexia\ten\nA\tfever\ten\n"}}});
}

TEST_F(Folded, IsARebuildWhereMappingsJoinWhatWasThereAndWhatIsNew) {
  const auto mapped = [](const std::string& a, const std::string& b) {
    return kMapping + a + "\tskos:exactMatch\t" + b + "\n";
  };
  expect_as_rebuilt(
      {{{"1.tsv", "I21\tinfarto\tes\n"}},
       {{"2.tsv", "A9\tinfarto agudo\tes\nA9\tinfarto\tes\n"}, {"3.sssom", mapped("A9", "I21")}}});
  // Codes that were joined stay joined.
  expect_as_rebuilt({{{"1.tsv", "M1\tinfarto\tes\n"},
                      {"2.tsv", "A1\tataque\tes\n"},
                      {"3.sssom", mapped("A1", "M1")}},
                     {{"4.jsonl", R"({"code":"A1","names":[{"text":"IAM"},{"text":"ataque"}]})"}},
                     {{"5.jsonl", R"({"code":"A2","names":[{"text":"x"}],"parents":["A1"]})"}}});
}

TEST_F(Folded, IsARebuildWhereAnUpdateChangesTheHierarchy) {
  const auto name = [](const std::string& code, const std::string& parent) {
    return R"({"code":")" + code + R"(","names":[{"text":"name )" + code + R"("}],"parents":[)" +
           (parent.empty() ? "" : '"' + parent + '"') + "]}\n";
  };
  const Sources base{{"1.jsonl", name("G", "") + name("X", "G") + name("D", "X") + name("E", "D")}};
  expect_as_rebuilt({base,
                     {{"2.tsv", "X\tanother\ten\n"}},
                     {{"3.jsonl", name("N", "") + name("X", "N")}},
                     {{"4.jsonl", name("D", "N")}}});
  expect_as_rebuilt({base,
                     {{"2.jsonl", name("A", "")}},
                     {{"3.sssom", std::string(kMapping) + "A\tskos:exactMatch\tD\n"}},
                     {{"4.tsv", "E\tanother\ten\n"}}});
}

TEST_F(Folded, IsARebuildWhereReferencesAreMappings) {
  const auto with = [](const std::string& code, const std::string& text, const std::string& xref) {
    return R"({"code":")" + code + R"(","names":[{"text":")" + text + R"("}],"xrefs":[")" + xref +
           "\"]}\n";
  };
  expect_as_rebuilt(
      {{{"1.jsonl", with("HP:1", "fever", "UMLS:C1") + with("HP:2", "cough", "X:1")}},
       {{"2.jsonl", with("DOID:1", "pyrexia", "UMLS:C1")}},
       {{"3.jsonl", with("DOID:2", "tussis", "UMLS:C2") + with("HP:2", "coughing", "UMLS:C2")}},
       {{"4.jsonl", with("C1", "febris", "Y:1")}},
       {{"5.jsonl", with("OTHER:1", "hot", "HP:1")}}},
      {"UMLS", "HP"});
}

TEST_F(Folded, IsARebuildWhereReferencesToANewHubJoinWhatWasThere) {
  expect_as_rebuilt({{{"1.jsonl", R"({"code":"A","names":[{"text":"one"}]}
{"code":"B","names":[{"text":"two"}]}
{"code":"C","names":[{"text":"below two"}],"parents":["B"]}
)"}},
                     {{"2.jsonl", R"({"code":"A","names":[{"text":"eins"}],"xrefs":["UMLS:C1"]}
{"code":"B","names":[{"text":"zwei"}],"xrefs":["UMLS:C1"]}
)"}}},
                    {"UMLS"});
}

TEST_F(Folded, HasTheHierarchyOfItsPartsWhereConceptsAreRetired) {
  update("", "B\n");
  for (const std::string text : {"", R"({"code":"C","names":[{"text":"hyperpyrexia"}]})"}) {
    if (!text.empty()) update(text, "");
    const KbFolder folder = open_kb_folder(kb());
    const FoldedKb folded(folder, scratch());
    EXPECT_EQ(hierarchy(changed_kb(folder), folded.kb()), "A: A\nC: C\nD: D E\nE: E\n");
    EXPECT_EQ(hierarchy({&folded.kb()}, folded.kb()), "A: A\nC: C\nD: D E\nE: E\n");
  }
}

TEST_F(Folded, LeavesNothingBehindWhereItCannotBeMade) {
  update("", "A\n");
  EXPECT_THROW(FoldedKb(open_kb_folder(kb()), place_ / "nowhere" / "kb"), Error);
  update("", "B\nC\nD\nE\n");
  EXPECT_THROW(FoldedKb(open_kb_folder(kb()), scratch()), Error);  // no name is left
  EXPECT_TRUE(fs::is_empty(scratch().parent_path()));
}

}  // namespace
}  // namespace enlace
