#include "kb/draft.h"

#include <string>
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
  EXPECT_EQ(draft.sources()[draft.names()[0].source], "ONE");
  EXPECT_EQ(draft.names()[0].scope, Scope::kPreferred);
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

}  // namespace
}  // namespace enlace
