#include "kb/draft.h"

#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

namespace enlace {
namespace {

/// A draft of one source with a name for each letter of `codes` and edges such as "AB": A is a B.
struct Family {
  KbDraft draft;
  std::vector<SourceReport> reports{1};

  Family(std::string_view codes, const std::vector<std::string>& edges) {
    reports[0].path = "family";
    draft.begin_source();
    for (std::size_t i = 0; i < codes.size(); ++i) {
      draft.add(NameRecord{codes.substr(i, 1), "name", "en", "S", Scope::kExact}, reports[0]);
    }
    for (const std::string& edge : edges) {
      draft.add(RelationRecord{edge.substr(0, 1), edge.substr(1)});
    }
    draft.settle(reports);
  }
  std::string kept() const {
    std::string text;
    for (const auto& edge : draft.edges()) {
      text.append(draft.codes()[edge.child]).append(draft.codes()[edge.parent]).append(" ");
    }
    return text;
  }
};

TEST(KbDraft, KeepsANameOncePerCodeTextAndLanguage) {
  KbDraft draft;
  SourceReport one, two;
  draft.begin_source();
  draft.add(NameRecord{"1", "fever", "en", "ONE", Scope::kExact}, one);
  draft.add(NameRecord{"1", "fever", "es", "ONE", Scope::kExact}, one);
  draft.add(NameRecord{"1", "Fever", "en", "ONE", Scope::kExact}, one);
  draft.begin_source();
  draft.add(NameRecord{"1", "fever", "en", "TWO", Scope::kPreferred}, two);
  draft.add(NameRecord{"2", "fever", "en", "TWO", Scope::kExact}, two);
  EXPECT_EQ(one.names, 3U);
  EXPECT_EQ(one.new_concepts, 1U);
  EXPECT_EQ(one.merged_concepts, 0U);
  EXPECT_EQ(two.names, 1U);
  EXPECT_EQ(two.duplicates, 1U);
  EXPECT_EQ(two.new_concepts, 1U);
  EXPECT_EQ(two.merged_concepts, 1U);
  ASSERT_EQ(draft.names().size(), 4U);
  EXPECT_EQ(draft.sources()[draft.origins()[draft.names()[0].origin].source], "ONE");
  EXPECT_EQ(draft.names()[0].scope, Scope::kPreferred);
}

TEST(KbDraft, TakesManyNamesAtOnceAsOneAfterTheOther) {
  std::vector<std::string> words;
  for (int i = 0; i < 1000; ++i) words.push_back(std::to_string(i * i % 37));
  for (const std::size_t count : {0, 1, 63, 64, 65, 128, 999}) {
    std::vector<NameRecord> records;
    for (std::size_t i = 0; i < count; ++i) {
      records.push_back({words[i], words[(i * 7) % 1000], i % 3 == 0 ? "es" : "en", words[i % 5],
                         i % 2 == 0 ? Scope::kExact : Scope::kPreferred, words[i % 4], ""});
    }
    KbDraft alone, together;
    SourceReport alone_report, together_report;
    alone.begin_source();
    together.begin_source();
    for (const NameRecord& record : records) alone.add(record, alone_report);
    together.add(records, together_report);
    ASSERT_EQ(alone.names().size(), together.names().size());
    for (std::size_t i = 0; i < alone.names().size(); ++i) {
      const KbDraft::Name &a = alone.names()[i], &b = together.names()[i];
      EXPECT_EQ(std::tuple(a.code, a.text, a.language, a.scope),
                std::tuple(b.code, b.text, b.language, b.scope));
      EXPECT_EQ(alone.origins()[a.origin], together.origins()[b.origin]);
    }
    EXPECT_EQ(alone_report.duplicates, together_report.duplicates);
    EXPECT_EQ(alone_report.new_concepts, together_report.new_concepts);
  }
}

TEST(KbDraft, DropsTheEdgeThatClosesACycleAndShowsTheCycle) {
  const Family family("ABC", {"AB", "BC", "CA"});
  EXPECT_EQ(family.kept(), "AB BC ");
  EXPECT_EQ(family.reports[0].cyclic_edges, 1U);
  ASSERT_EQ(family.reports[0].rows.complaints.size(), 1U);
  EXPECT_EQ(family.reports[0].rows.complaints[0],
            "family: expected is-a without cycles, found A > B > C > A");
}

TEST(KbDraft, DropsTheSameEdgeInWhateverOrderTheyCome) {
  EXPECT_EQ(Family("CBA", {"CA", "BC", "AB"}).kept(), "AB BC ");
  EXPECT_EQ(Family("BAC", {"BC", "CA", "AB"}).kept(), "AB BC ");
}

TEST(KbDraft, DropsAConceptThatIsItsOwnParent) {
  const Family family("A", {"AA"});
  EXPECT_EQ(family.kept(), "");
  EXPECT_EQ(family.reports[0].rows.complaints[0],
            "family: expected is-a without cycles, found A > A");
}

TEST(KbDraft, KeepsADiamondAndRepeatedEdgesOnce) {
  EXPECT_EQ(Family("ABCD", {"AB", "AC", "BD", "CD", "AB"}).kept(), "AB AC BD CD ");
}

TEST(KbDraft, DropsEdgesToConceptsWithoutAName) {
  const Family family("A", {"AX", "XA"});
  EXPECT_EQ(family.kept(), "");
  EXPECT_EQ(family.reports[0].unnamed_edges, 2U);
  EXPECT_EQ(family.reports[0].cyclic_edges, 0U);
}

TEST(KbDraft, WalksADeepHierarchyWithoutRecursion) {
  KbDraft draft;
  std::vector<SourceReport> reports(1);
  draft.begin_source();
  constexpr int kLevels = 200'000;
  for (int i = 0; i < kLevels; ++i) {
    draft.add(NameRecord{std::to_string(i), "n", "en", "S", Scope::kExact}, reports[0]);
    draft.add(RelationRecord{std::to_string(i), std::to_string((i + 1) % kLevels)});
  }
  draft.settle(reports);
  EXPECT_EQ(draft.edges().size(), std::size_t(kLevels - 1));
  EXPECT_EQ(reports[0].cyclic_edges, 1U);
  EXPECT_LT(reports[0].rows.complaints.at(0).size(), 300U);
}

/// Sources that name one code each with its own name, and what settling made of them.
struct Mapped {
  KbDraft draft;
  std::vector<SourceReport> reports;

  void source(std::initializer_list<std::string_view> codes, SourceDefaults defaults = {}) {
    draft.begin_source(std::move(defaults));
    reports.emplace_back();
    for (const auto code : codes) {
      draft.add(NameRecord{code, std::string(code) + " name", "en", "S", Scope::kExact},
                reports.back());
    }
  }
  /// "code=text" of every name.
  std::string names() const {
    std::string text;
    for (const auto& name : draft.names()) {
      text.append(draft.codes()[name.code]).append("=");
      text.append(draft.texts()[name.text]).append("; ");
    }
    return text;
  }
  std::string former() const {
    std::string text;
    for (const auto& [code, end] : draft.former_codes()) {
      text.append(draft.codes()[code]).append(">").append(draft.codes()[end]).append(" ");
    }
    return text;
  }
};

TEST(KbDraft, JoinsEquivalentCodesUnderTheOneThatWasNamedFirst) {
  Mapped mapped;
  mapped.source({"A", "B"});
  mapped.source({"X", "Y"});
  mapped.source({});
  mapped.draft.add(RelationRecord{"X", "Y"});
  mapped.draft.add(EquivalenceRecord{"hub", "X"});
  mapped.draft.add(EquivalenceRecord{"A", "hub"});
  mapped.draft.settle(mapped.reports);
  EXPECT_EQ(mapped.names(), "A=A name; B=B name; A=X name; Y=Y name; ");
  EXPECT_EQ(mapped.former(), "X>A hub>A ");
  ASSERT_EQ(mapped.draft.edges().size(), 1U);
  EXPECT_EQ(mapped.draft.codes()[mapped.draft.edges()[0].child], "A");
  EXPECT_EQ(mapped.reports[2].mappings, 2U);
  EXPECT_EQ(mapped.reports[2].joined_concepts, 1U);
}

TEST(KbDraft, TakesTheEarlierSourceForTheFirst) {
  const auto add = [](KbDraft& draft, SourceReport& report, bool earlier) {
    const std::string_view source = earlier ? "EARLIER" : "LATER";
    draft.add(NameRecord{"X", "fever", "en", source, Scope::kExact}, report);
    draft.add(NameRecord{"B", "fever", "en", source, Scope::kExact}, report);
    draft.add(NameRecord{earlier ? "A" : "B", "cough", "en", source, Scope::kExact}, report);
    draft.add(DefinitionRecord{"X", source, "en"});
    draft.add(XrefRecord{earlier ? "A" : "N", "UMLS:C1"});
    if (earlier) return;
    draft.add(NameRecord{"N", "new", "en", source, Scope::kPreferred}, report);
    draft.add(EquivalenceRecord{"N", "X"});
    draft.add(EquivalenceRecord{"B", "X"});
  };
  KbDraft draft;
  std::vector<SourceReport> reports(2);
  draft.merge_by_xrefs({"UMLS"});
  draft.begin_source();
  add(draft, reports[0], false);
  draft.begin_earlier_source();
  add(draft, reports[1], true);
  draft.settle(reports);
  std::string names, former;
  for (const KbDraft::Name& name : draft.names()) {
    names.append(draft.codes()[name.code]).append("=").append(draft.texts()[name.text]);
    names.append(" ").append(draft.sources()[draft.origins()[name.origin].source]).append("; ");
  }
  for (const auto& [code, end] : draft.former_codes()) {
    former.append(draft.codes()[code]).append(">").append(draft.codes()[end]).append(" ");
  }
  // X was named first of all, N is new; the reference of A joins nothing.
  EXPECT_EQ(names, "X=fever EARLIER; X=cough LATER; X=new LATER; A=cough EARLIER; ");
  EXPECT_EQ(former, "B>X N>X C1>X ");
  ASSERT_EQ(draft.definitions().size(), 1U);
  EXPECT_EQ(draft.definitions()[0].text, "EARLIER");
  EXPECT_EQ(reports[0].new_concepts, 1U);
  EXPECT_EQ(reports[0].merged_concepts, 2U);
  EXPECT_EQ(reports[0].names, 2U);
  EXPECT_EQ(reports[0].duplicates, 2U);
}

TEST(KbDraft, NeverJoinsByName) {
  Mapped mapped;
  mapped.source({});
  for (const std::string_view code : {"A", "B"}) {
    mapped.draft.add(NameRecord{code, "fever", "en", "S", Scope::kExact}, mapped.reports[0]);
  }
  mapped.draft.settle(mapped.reports);
  EXPECT_EQ(mapped.names(), "A=fever; B=fever; ");
}

TEST(KbDraft, JoinsTheConceptsThatShareAReferenceToAHub) {
  Mapped mapped;
  mapped.source({"HP:1"});
  mapped.draft.add(XrefRecord{"HP:1", "UMLS:C1"});
  mapped.source({"DOID:1", "DOID:2"});
  mapped.draft.add(XrefRecord{"DOID:1", "UMLS:C1"});
  mapped.draft.add(XrefRecord{"DOID:2", "MESH:C1"});
  mapped.draft.merge_by_xrefs({"UMLS"});
  mapped.draft.settle(mapped.reports);
  EXPECT_EQ(mapped.names(), "HP:1=HP:1 name; HP:1=DOID:1 name; DOID:2=DOID:2 name; ");
  EXPECT_EQ(mapped.former(), "DOID:1>HP:1 C1>HP:1 ");
  EXPECT_EQ(mapped.draft.join_report().references, 2U);
  EXPECT_EQ(mapped.draft.join_report().mappings, 0U);
  EXPECT_EQ(mapped.draft.join_report().joined_concepts, 1U);
}

TEST(KbDraft, DoubtsAConceptInWhichOneSourceHasSeveralCodes) {
  Mapped mapped;
  mapped.source({});
  const auto name = [&](std::string_view code, std::string_view source) {
    mapped.draft.add(NameRecord{code, "name", "en", source, Scope::kExact}, mapped.reports[0]);
  };
  name("B2", "S");
  name("B1", "S");
  name("B1", "T");
  name("A1", "T");
  name("C1", "T");
  name("A2", "S");
  mapped.draft.add(EquivalenceRecord{"A1", "A2"});
  mapped.draft.add(EquivalenceRecord{"B1", "hub"});
  mapped.draft.add(EquivalenceRecord{"hub", "B2"});
  mapped.draft.settle(mapped.reports);
  EXPECT_EQ(mapped.draft.join_report().joined_concepts, 2U);
  EXPECT_EQ(mapped.draft.join_report().doubtful, 1U);
  EXPECT_EQ(mapped.draft.join_report().examples, (std::vector<std::string>{"S: B2 B1"}));
}

TEST(KbDraft, ShowsTheFirstDoubtfulConceptsByCode) {
  Mapped mapped;
  mapped.source({});
  for (int i = 99; i > 10; --i) {
    for (const std::string& code : {fmt::format("A{}", i), fmt::format("B{}", i)}) {
      mapped.draft.add(NameRecord{code, "name", "en", "S", Scope::kExact}, mapped.reports[0]);
    }
    mapped.draft.add(EquivalenceRecord{fmt::format("A{}", i), fmt::format("B{}", i)});
  }
  mapped.draft.settle(mapped.reports);
  EXPECT_EQ(mapped.draft.join_report().doubtful, 89U);
  ASSERT_EQ(mapped.draft.join_report().examples.size(), JoinReport::kKeptExamples);
  EXPECT_EQ(mapped.draft.join_report().examples.front(), "S: A11 B11");
}

TEST(KbDraft, FollowsReplacementsToACodeThatHasANameAndStopsInACycle) {
  Mapped mapped;
  mapped.source({"C"});
  mapped.draft.add(ReplacementRecord{"A", "B"});
  mapped.draft.add(ReplacementRecord{"B", "C"});
  mapped.draft.add(ReplacementRecord{"C", "A"});  // still named
  mapped.draft.add(ReplacementRecord{"D", "E"});
  mapped.draft.add(ReplacementRecord{"E", "D"});
  mapped.draft.add(ReplacementRecord{"F", "nowhere"});
  mapped.draft.settle(mapped.reports);
  EXPECT_EQ(mapped.former(), "A>C B>C ");
}

TEST(KbDraft, PutsThePrefixOfASourceBeforeItsCodes) {
  Mapped mapped;
  mapped.source({"E11", "ICD:E12"}, {.licence = "CC0-1.0", .prefix = "ICD:"});
  mapped.draft.settle(mapped.reports);
  EXPECT_EQ(mapped.names(), "ICD:E11=E11 name; ICD:E12=ICD:E12 name; ");
  EXPECT_EQ(mapped.draft.licences()[mapped.draft.origins()[0].licence], "CC0-1.0");
}

TEST(KbDraft, KeepsTheFirstDefinitionOfAConcept) {
  Mapped mapped;
  mapped.source({"A"});
  mapped.draft.add(DefinitionRecord{"A", "first", "en"});
  mapped.draft.add(DefinitionRecord{"A", "second", "en"});
  mapped.draft.add(DefinitionRecord{"nameless", "third", "en"});
  mapped.draft.settle(mapped.reports);
  ASSERT_EQ(mapped.draft.definitions().size(), 1U);
  EXPECT_EQ(mapped.draft.definitions()[0].text, "first");
}

}  // namespace
}  // namespace enlace
